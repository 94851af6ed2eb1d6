/* imsg-restriction-parse.c - restrictions read from text
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-filetime-private.h"
#include "imsg-limits-private.h"
#include "imsg-property-tags.h"
#include "imsg-restriction-private.h"

#include <errno.h>
#include <glib/gi18n-lib.h>

typedef enum
{
  TOKEN_END,
  TOKEN_WORD,   /* a name, a number, true, and, … */
  TOKEN_TEXT,   /* "…", unescaped in parser->text */
  TOKEN_BYTES,  /* x"…" */
  TOKEN_SIGN,   /* an operator or a parenthesis */
} TokenKind;

typedef struct
{
  const char *begin;
  const char *next;
  TokenKind   kind;
  char       *text;   /* of the token at hand */
  gsize       offset; /* where it begins */
  guint       depth;
} Parser;

/* Longer operators before their beginnings */
static const char *const signs[] = {
  "<=", ">=", "<>", "!=", "==", "^=", "~~", "!&", "<", ">", "=", "~", "&", "(", ")",
};

/* what: what is wrong, as it stands behind a colon */
static gboolean
fail (Parser      *parser,
      GError     **error,
      const char  *what)
{
  g_set_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_PARAMETER,
               _("Condition, at character %ld: %s"),
               g_utf8_pointer_to_offset (parser->begin, parser->begin + parser->offset) + 1, what);
  return FALSE;
}

static gboolean
next_text (Parser  *parser,
           GError **error)
{
  GString *text = g_string_new (NULL);

  for (parser->next++; *parser->next != '"'; parser->next++)
    {
      if (*parser->next == '\\' && (parser->next[1] == '"' || parser->next[1] == '\\'))
        parser->next++;
      if (*parser->next == '\0')
        {
          g_string_free (text, TRUE);
          return fail (parser, error, _("text without its closing quote"));
        }
      g_string_append_c (text, *parser->next);
    }
  parser->next++;
  parser->text = g_string_free (text, FALSE);
  return TRUE;
}

static gboolean
next_token (Parser  *parser,
            GError **error)
{
  g_clear_pointer (&parser->text, g_free);
  while (g_ascii_isspace (*parser->next))
    parser->next++;
  parser->offset = (gsize) (parser->next - parser->begin);
  if (*parser->next == '\0')
    {
      parser->kind = TOKEN_END;
      return TRUE;
    }
  if (*parser->next == '"')
    {
      parser->kind = TOKEN_TEXT;
      return next_text (parser, error);
    }
  if ((*parser->next == 'x' || *parser->next == 'X') && parser->next[1] == '"')
    {
      parser->kind = TOKEN_BYTES;
      parser->next++;
      return next_text (parser, error);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (signs); i++)
    {
      if (g_str_has_prefix (parser->next, signs[i]))
        {
          parser->kind = TOKEN_SIGN;
          parser->text = g_strdup (signs[i]);
          parser->next += strlen (signs[i]);
          return TRUE;
        }
    }
  if (g_ascii_isalnum (*parser->next) || strchr ("_-+.", *parser->next) != NULL)
    {
      const char *start = parser->next;

      while (g_ascii_isalnum (*parser->next) ||
             (*parser->next != '\0' && strchr ("_-+.:", *parser->next) != NULL))
        parser->next++;
      parser->kind = TOKEN_WORD;
      parser->text = g_strndup (start, (gsize) (parser->next - start));
      return TRUE;
    }
  return fail (parser, error, _("a character that means nothing here"));
}

static gboolean
is_word (Parser     *parser,
         const char *word)
{
  return parser->kind == TOKEN_WORD && g_ascii_strcasecmp (parser->text, word) == 0;
}

static gboolean
is_sign (Parser     *parser,
         const char *sign)
{
  return parser->kind == TOKEN_SIGN && strcmp (parser->text, sign) == 0;
}

static gboolean
expect_sign (Parser      *parser,
             const char  *sign,
             GError     **error)
{
  g_autofree char *what = NULL;

  if (is_sign (parser, sign))
    return next_token (parser, error);
  what = g_strdup_printf (_("“%s” is missing"), sign);
  return fail (parser, error, what);
}

/* A property by name, or as the eight digits of its tag */
static gboolean
parse_tag (Parser   *parser,
           guint32  *tag,
           GError  **error)
{
  guint64 number;

  if (parser->kind != TOKEN_WORD)
    return fail (parser, error, _("a property is missing"));
  if (g_str_has_prefix (parser->text, "0x") || g_str_has_prefix (parser->text, "0X"))
    {
      if (strlen (parser->text) != 10 ||
          !g_ascii_string_to_unsigned (parser->text + 2, 16, 0, G_MAXUINT32, &number, NULL))
        return fail (parser, error, _("a tag has eight hexadecimal digits"));
      *tag = (guint32) number;
    }
  else
    {
      *tag = imsg_property_tag_from_name (parser->text);
    }
  if (*tag == 0)
    return fail (parser, error, _("no such property is known"));
  return next_token (parser, error);
}

static gboolean
parse_integer (const char *text,
               gint64     *value)
{
  char *end = NULL;

  errno = 0;
  if (g_str_has_prefix (text, "0x") || g_str_has_prefix (text, "0X"))
    *value = (gint64) g_ascii_strtoull (text + 2, &end, 16);
  else
    *value = g_ascii_strtoll (text, &end, 10);
  return errno == 0 && end != NULL && end != text && *end == '\0';
}

static GVariant *
variant_from_time (const char *text)
{
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc ();
  g_autofree char *with_time = NULL;
  g_autoptr(GDateTime) time = NULL;
  guint64 ticks;

  if (strchr (text, 'T') == NULL)
    with_time = g_strconcat (text, "T00:00:00", NULL);
  time = g_date_time_new_from_iso8601 (with_time != NULL ? with_time : text, utc);
  if (time == NULL || !_imsg_filetime_from_date_time (time, &ticks))
    return NULL;
  return g_variant_new_uint64 (ticks);
}

static GVariant *
variant_from_hex (const char *text)
{
  gsize n = strlen (text) / 2;
  g_autofree guint8 *bytes = g_malloc (n + 1);

  if (strlen (text) % 2 != 0)
    return NULL;
  for (gsize i = 0; i < n; i++)
    {
      int high = g_ascii_xdigit_value (text[2 * i]);
      int low = g_ascii_xdigit_value (text[2 * i + 1]);

      if (high < 0 || low < 0)
        return NULL;
      bytes[i] = (guint8) (high << 4 | low);
    }
  return g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, bytes, n, 1);
}

/* The token at hand as a value of a type; NULL when it is none. */
static GVariant *
token_to_variant (Parser *parser,
                  guint   type)
{
  gboolean is_plain = parser->kind == TOKEN_WORD;
  char *end = NULL;
  double real;
  gint64 n;

  switch (type)
    {
    case IMSG_PROPERTY_TYPE_I2:
      return is_plain && parse_integer (parser->text, &n) && n >= G_MININT16 && n <= G_MAXUINT16
               ? g_variant_new_int16 ((gint16) n) : NULL;
    case IMSG_PROPERTY_TYPE_LONG:
      return is_plain && parse_integer (parser->text, &n) && n >= G_MININT32 && n <= G_MAXUINT32
               ? g_variant_new_int32 ((gint32) n) : NULL;
    case IMSG_PROPERTY_TYPE_I8:
    case IMSG_PROPERTY_TYPE_CURRENCY:
      return is_plain && parse_integer (parser->text, &n) ? g_variant_new_int64 (n) : NULL;
    case IMSG_PROPERTY_TYPE_ERROR:
      return is_plain && parse_integer (parser->text, &n) && n >= 0 && n <= G_MAXUINT32
               ? g_variant_new_uint32 ((guint32) n) : NULL;
    case IMSG_PROPERTY_TYPE_R4:
    case IMSG_PROPERTY_TYPE_DOUBLE:
    case IMSG_PROPERTY_TYPE_APPTIME:
      if (!is_plain)
        return NULL;
      real = g_ascii_strtod (parser->text, &end);
      return *end == '\0' ? g_variant_new_double (real) : NULL;
    case IMSG_PROPERTY_TYPE_BOOLEAN:
      if (is_word (parser, "true") || is_word (parser, "1"))
        return g_variant_new_boolean (TRUE);
      return is_word (parser, "false") || is_word (parser, "0") ? g_variant_new_boolean (FALSE)
                                                                : NULL;
    case IMSG_PROPERTY_TYPE_SYSTIME:
      return parser->kind == TOKEN_BYTES ? NULL : variant_from_time (parser->text);
    case IMSG_PROPERTY_TYPE_STRING8:
    case IMSG_PROPERTY_TYPE_UNICODE:
    case IMSG_PROPERTY_TYPE_CLSID:
      return parser->kind == TOKEN_TEXT || is_plain ? g_variant_new_string (parser->text) : NULL;
    case IMSG_PROPERTY_TYPE_BINARY:
      return parser->kind == TOKEN_BYTES ? variant_from_hex (parser->text) : NULL;
    default:
      return NULL;
    }
}

static gboolean
relation_from_sign (const char   *sign,
                    IMsgRelation *relation)
{
  static const struct
  {
    const char   *sign;
    IMsgRelation  relation;
  } relations[] = {
    { "<", IMSG_RELATION_LT },  { "<=", IMSG_RELATION_LE }, { ">", IMSG_RELATION_GT },
    { ">=", IMSG_RELATION_GE }, { "=", IMSG_RELATION_EQ },  { "==", IMSG_RELATION_EQ },
    { "!=", IMSG_RELATION_NE }, { "<>", IMSG_RELATION_NE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (relations); i++)
    {
      if (g_strcmp0 (relations[i].sign, sign) == 0)
        {
          *relation = relations[i].relation;
          return TRUE;
        }
    }
  return FALSE;
}

gboolean
_imsg_restriction_is_property_name (const char *word)
{
  return g_str_has_prefix (word, "PR_") || g_str_has_prefix (word, "PidTag");
}

/* A second property, by name or as property(…); FALSE when the token at hand begins none. */
static gboolean
begins_property (Parser *parser)
{
  return parser->kind == TOKEN_WORD &&
         ((strcmp (parser->text, "property") == 0 && *parser->next == '(') ||
          _imsg_restriction_is_property_name (parser->text));
}

static IMsgRestriction *
parse_other_property (Parser        *parser,
                      guint32        tag,
                      IMsgRelation   relation,
                      GError       **error)
{
  gboolean is_written_out = strcmp (parser->text, "property") == 0;
  guint32 other_tag;

  if (is_written_out && (!next_token (parser, error) || !expect_sign (parser, "(", error)))
    return NULL;
  if (!parse_tag (parser, &other_tag, error) ||
      (is_written_out && !expect_sign (parser, ")", error)))
    return NULL;
  return imsg_restriction_new_compare (tag, relation, other_tag);
}

static IMsgRestriction *
parse_bits (Parser    *parser,
            guint32    tag,
            gboolean   non_zero,
            GError   **error)
{
  gint64 mask;

  if (parser->kind != TOKEN_WORD || !parse_integer (parser->text, &mask) || mask < 0 ||
      mask > G_MAXUINT32)
    {
      fail (parser, error, _("bits are a number"));
      return NULL;
    }
  return next_token (parser, error) ? imsg_restriction_new_bit_mask (tag, non_zero, (guint32) mask)
                                    : NULL;
}

static gboolean
fuzzy_level_from_sign (const char *sign,
                       guint32    *level)
{
  static const struct
  {
    const char *sign;
    guint32     level;
  } levels[] = {
    { "~", IMSG_FUZZY_SUBSTRING | IMSG_FUZZY_LOOSE },
    { "~~", IMSG_FUZZY_SUBSTRING },
    { "^=", IMSG_FUZZY_PREFIX | IMSG_FUZZY_LOOSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (levels); i++)
    {
      if (strcmp (levels[i].sign, sign) == 0)
        {
          *level = levels[i].level;
          return TRUE;
        }
    }
  return FALSE;
}

/* What follows a property: an operator and a value, a number, or another property */
static IMsgRestriction *
parse_comparison (Parser   *parser,
                  guint32   tag,
                  GError  **error)
{
  g_autofree char *sign = NULL;
  guint type = tag & 0xFFFF & ~(guint) IMSG_MULTI_VALUE_FLAG;
  guint32 value_tag = (tag & 0xFFFF0000) | type;
  g_autoptr(GVariant) value = NULL;
  IMsgRelation relation = IMSG_RELATION_EQ;
  gboolean is_relation;
  guint32 level = 0;

  if (parser->kind != TOKEN_SIGN)
    {
      fail (parser, error, _("an operator is missing"));
      return NULL;
    }
  sign = g_strdup (parser->text);
  if (!next_token (parser, error))
    return NULL;
  if (strcmp (sign, "&") == 0 || strcmp (sign, "!&") == 0)
    return parse_bits (parser, tag, sign[0] == '&', error);
  is_relation = relation_from_sign (sign, &relation);
  if (is_relation && begins_property (parser))
    return parse_other_property (parser, tag, relation, error);

  if (parser->kind != TOKEN_END && parser->kind != TOKEN_SIGN)
    value = token_to_variant (parser, type);
  if (value == NULL)
    {
      fail (parser, error, _("a value of the property's type is missing"));
      return NULL;
    }
  g_variant_ref_sink (value);
  if (!is_relation && !fuzzy_level_from_sign (sign, &level))
    {
      fail (parser, error, _("an operator is missing"));
      return NULL;
    }
  if (!next_token (parser, error))
    return NULL;
  return is_relation ? imsg_restriction_new_property (tag, relation, value_tag, value)
                     : imsg_restriction_new_content (tag, level, value_tag, value);
}

static IMsgRestriction *parse_any (Parser  *parser,
                                   GError **error);

/* ( … ), the first parenthesis being the token at hand */
static IMsgRestriction *
parse_group (Parser  *parser,
             GError **error)
{
  g_autoptr(IMsgRestriction) inner = NULL;

  if (!expect_sign (parser, "(", error))
    return NULL;
  inner = parse_any (parser, error);
  if (inner == NULL || !expect_sign (parser, ")", error))
    return NULL;
  return g_steal_pointer (&inner);
}

static IMsgRestriction *
parse_size (Parser  *parser,
            GError **error)
{
  IMsgRelation relation;
  guint32 tag;
  gint64 n;

  if (!expect_sign (parser, "(", error) || !parse_tag (parser, &tag, error) ||
      !expect_sign (parser, ")", error))
    return NULL;
  if (parser->kind != TOKEN_SIGN || !relation_from_sign (parser->text, &relation))
    {
      fail (parser, error, _("a size is compared with <, <=, >, >=, = or !="));
      return NULL;
    }
  if (!next_token (parser, error))
    return NULL;
  if (parser->kind != TOKEN_WORD || !parse_integer (parser->text, &n) || n < 0 ||
      n > G_MAXUINT32)
    {
      fail (parser, error, _("a size is a number of bytes"));
      return NULL;
    }
  if (!next_token (parser, error))
    return NULL;
  return imsg_restriction_new_size (tag, relation, (guint32) n);
}

static IMsgRestriction *
parse_one (Parser  *parser,
           GError **error)
{
  g_autoptr(IMsgRestriction) child = NULL;
  guint32 tag;

  if (is_sign (parser, "("))
    return parse_group (parser, error);
  if (is_word (parser, "not"))
    {
      if (!next_token (parser, error))
        return NULL;
      if (++parser->depth > imsg_limit_get_default (IMSG_LIMIT_RESTRICTION_NESTING))
        {
          g_set_error_literal (error, IMSG_ERROR, IMSG_ERROR_TOO_COMPLEX,
                               _("The condition is nested too deep"));
          return NULL;
        }
      child = parse_one (parser, error);
      parser->depth--;
      return child != NULL ? imsg_restriction_new_not (child) : NULL;
    }
  if (is_word (parser, "exists"))
    {
      if (!next_token (parser, error) || !expect_sign (parser, "(", error) ||
          !parse_tag (parser, &tag, error) || !expect_sign (parser, ")", error))
        return NULL;
      return imsg_restriction_new_exist (tag);
    }
  if (is_word (parser, "size"))
    return next_token (parser, error) ? parse_size (parser, error) : NULL;
  if (is_word (parser, "recipients") || is_word (parser, "attachments"))
    {
      tag = is_word (parser, "recipients") ? IMSG_PR_MESSAGE_RECIPIENTS
                                           : IMSG_PR_MESSAGE_ATTACHMENTS;
      if (!next_token (parser, error))
        return NULL;
      child = parse_group (parser, error);
      return child != NULL ? imsg_restriction_new_sub_object (tag, child) : NULL;
    }
  if (!parse_tag (parser, &tag, error))
    return NULL;
  return parse_comparison (parser, tag, error);
}

/* Conditions joined by a word; "and" binds stronger than "or". */
static IMsgRestriction *
parse_joined (Parser      *parser,
              const char  *word,
              GError     **error)
{
  g_autoptr(GPtrArray) parts =
    g_ptr_array_new_with_free_func ((GDestroyNotify) imsg_restriction_unref);
  gboolean is_or = strcmp (word, "or") == 0;

  for (;;)
    {
      IMsgRestriction *part = is_or ? parse_joined (parser, "and", error)
                                    : parse_one (parser, error);

      if (part == NULL)
        return NULL;
      g_ptr_array_add (parts, part);
      if (!is_word (parser, word))
        break;
      if (!next_token (parser, error))
        return NULL;
    }
  if (parts->len == 1)
    return imsg_restriction_ref (parts->pdata[0]);
  return is_or ? imsg_restriction_new_or ((IMsgRestriction **) parts->pdata, parts->len)
               : imsg_restriction_new_and ((IMsgRestriction **) parts->pdata, parts->len);
}

static IMsgRestriction *
parse_any (Parser  *parser,
           GError **error)
{
  IMsgRestriction *restriction;

  if (++parser->depth > imsg_limit_get_default (IMSG_LIMIT_RESTRICTION_NESTING))
    {
      g_set_error_literal (error, IMSG_ERROR, IMSG_ERROR_TOO_COMPLEX,
                           _("The condition is nested too deep"));
      return NULL;
    }
  restriction = parse_joined (parser, "or", error);
  parser->depth--;
  return restriction;
}

/**
 * imsg_restriction_parse:
 * @text: the condition
 * @error: return location for an error
 *
 * Reads a restriction written as text.
 *
 * A condition is a property, an operator and a value: `PR_SUBJECT ~ "report"`. Conditions are joined
 * with `and`, `or`, `not` and parentheses.
 *
 * | written | means |
 * |---|---|
 * | `P = V`, `!=`, `<`, `<=`, `>`, `>=` | compared with the value, or with another property |
 * | `P ~ "text"` | contains it, whatever the case and accents |
 * | `P ~~ "text"` | contains exactly it |
 * | `P ^= "text"` | begins with it, whatever the case and accents |
 * | `P & 0x10`, `P !& 0x10` | some of the bits is set, none is |
 * | `P = property(0x80010003)` | compared with a property that has no name |
 * | `exists(P)` | the property is there |
 * | `size(P) > 100` | bytes of its stored value |
 * | `recipients(…)`, `attachments(…)` | any recipient, any attachment of the message |
 *
 * A property is a name of the catalogue (`PR_SUBJECT`, `PidTagSubject`) or a tag such as
 * `0x0037001F`. Text stands in double quotes (`\"` and `\\` inside), bytes as `x"01FF"`, times as
 * `2024-05-01` or `2024-05-01T12:00:00Z` (UTC unless it says otherwise), booleans as `true` and
 * `false`. Of a multi-valued property any value may pass.
 *
 * Fails with `IMSG_ERROR_INVALID_PARAMETER` for what cannot be read, naming the place, and with
 * `IMSG_ERROR_TOO_COMPLEX` for what cannot be evaluated.
 *
 * Returns: (transfer full): a restriction that passed [method@IMsg.Restriction.check]
 * Since: 1.0
 */
IMsgRestriction *
imsg_restriction_parse (const char  *text,
                        GError     **error)
{
  Parser parser = { text, text, TOKEN_END, NULL, 0, 0 };
  g_autoptr(IMsgRestriction) restriction = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  if (!g_utf8_validate (text, -1, NULL))
    {
      g_set_error_literal (error, IMSG_ERROR, IMSG_ERROR_INVALID_PARAMETER,
                           _("The condition is no valid UTF-8"));
      return NULL;
    }
  if (next_token (&parser, error))
    restriction = parse_any (&parser, error);
  if (restriction != NULL && parser.kind != TOKEN_END)
    {
      fail (&parser, error, _("the condition should end here"));
      g_clear_pointer (&restriction, imsg_restriction_unref);
    }
  g_free (parser.text);
  if (restriction != NULL && !imsg_restriction_check (restriction, error))
    return NULL;
  return g_steal_pointer (&restriction);
}
