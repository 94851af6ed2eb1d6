/* imsg-mime-mailbox.c - people as mailers write them into headers (RFC 5322 3.4, and what is not)
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-mime-mailbox-private.h"
#include "imsg-mime-words-private.h"

/* One item of a list as far as it was read, and the group around it. */
typedef struct
{
  GArray     *mailboxes;
  GString    *phrase;        /* what is in no angles and no comment, without its quotes */
  GString    *words;         /* the same with them */
  GString    *comment;
  char       *angle;         /* what stands in the last angles */
  gsize       n_before_angle; /* of the phrase */
  char       *group;
  guint       n_before_group;
  gboolean    may_go_on;     /* the one before is a name that a comma may have cut in two */
  gboolean    is_decoded;    /* it comes out of an encoded word or quotes */
  gboolean    is_unquoted;   /* a quote that does not end: all of them are letters */
  gboolean    is_uncommented;
} Parser;

static void parse (const char *value,
                   GArray     *mailboxes,
                   gboolean    is_decoded);

static void
mailbox_clear (gpointer data)
{
  IMsgMailbox *mailbox = data;

  g_free (mailbox->name);
  g_free (mailbox->address);
}

GArray *
_imsg_mailbox_array_new (void)
{
  GArray *mailboxes = g_array_new (FALSE, FALSE, sizeof (IMsgMailbox));

  g_array_set_clear_func (mailboxes, mailbox_clear);
  return mailboxes;
}

/* Decoded, on one line, in valid UTF-8; NULL when nothing is left. */
static char *
clean_name (const char *text)
{
  g_autofree char *decoded = _imsg_mime_decode_words (text);
  g_autofree char *valid = g_utf8_make_valid (decoded, -1);
  g_autoptr(GString) clean = g_string_new (NULL);

  for (const char *c = g_strstrip (valid); *c != '\0'; c++)
    if (strchr (" \t\r\n", *c) == NULL)
      g_string_append_c (clean, *c);
    else if (clean->str[clean->len - 1] != ' ')
      g_string_append_c (clean, ' ');
  return clean->len > 0 ? g_string_free (g_steal_pointer (&clean), FALSE) : NULL;
}

const char *
_imsg_mailbox_skip_scheme (const char *address)
{
  static const char *const schemes[] = { "mailto:", "smtp:" };

  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
    if (g_ascii_strncasecmp (address, schemes[i], strlen (schemes[i])) == 0)
      address += strlen (schemes[i]);
  return address;
}

/* Without the blanks of folding, a route (RFC 5322 4.4), or what a link or a gateway puts before
 * it; NULL when nothing is left. */
static char *
clean_address (const char *text)
{
  static const char *const pairs[] = { "\"\"", "''", "[]" };
  g_autofree char *decoded = _imsg_mime_decode_words (text);
  g_autofree char *valid = g_utf8_make_valid (decoded, -1);
  g_autoptr(GString) clean = g_string_new (NULL);
  gboolean is_quoted = FALSE;
  const char *end;

  for (const char *c = valid; *c != '\0'; c++)
    {
      is_quoted ^= *c == '"' && (c == valid || c[-1] != '\\');
      if (strchr ("\t\r\n", *c) == NULL && (*c != ' ' || is_quoted))
        g_string_append_c (clean, *c);
    }
  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    if (clean->len > 2 && clean->str[0] == pairs[i][0] &&
        clean->str[clean->len - 1] == pairs[i][1] && strchr (clean->str, '@') != NULL)
      {
        g_string_truncate (clean, clean->len - 1);
        g_string_erase (clean, 0, 1);
      }
  g_string_erase (clean, 0, _imsg_mailbox_skip_scheme (clean->str) - clean->str);
  if (clean->str[0] == '@' && (end = strchr (clean->str, ':')) != NULL)
    g_string_erase (clean, 0, end + 1 - clean->str);
  return clean->len > 0 ? g_string_free (g_steal_pointer (&clean), FALSE) : NULL;
}

static gboolean
is_blank (const char *text)
{
  return text[strspn (text, " \t\r\n")] == '\0';
}

/* What is between, without the backslashes of quoting. */
static void
append_unescaped (GString    *out,
                  const char *begin,
                  const char *end)
{
  for (const char *c = begin; c < end; c++)
    {
      if (*c == '\\' && c + 1 < end)
        c++;
      g_string_append_c (out, *c);
    }
}

/* --- one item --- */

static void
add_mailbox (Parser *parser,
             char   *name,
             char   *address)
{
  const IMsgMailbox mailbox = { name, address };

  g_array_append_val (parser->mailboxes, mailbox);
}

/* The phrase and the comment behind it; or the comment alone, which is where the name stands beside
 * an address without angles. */
static char *
take_name (Parser     *parser,
           const char *phrase)
{
  g_autofree char *name = clean_name (phrase);
  g_autofree char *comment = clean_name (parser->comment->str);

  if (name == NULL || comment == NULL)
    return name != NULL ? g_steal_pointer (&name) : g_steal_pointer (&comment);
  return g_strdup_printf ("%s (%s)", name, comment);
}

/* "Lee, Ann <ann@example.org>" without quotes: the one before is the beginning of this name. */
static char *
join_name (Parser *parser,
           char   *name)
{
  const IMsgMailbox *last;
  char *joined;

  if (!parser->may_go_on || name == NULL)
    return name;
  last = &g_array_index (parser->mailboxes, IMsgMailbox, parser->mailboxes->len - 1);
  joined = g_strdup_printf ("%s, %s", last->name != NULL ? last->name : last->address, name);
  g_array_set_size (parser->mailboxes, parser->mailboxes->len - 1);
  g_free (name);
  return joined;
}

/* What ends at the next blank outside of quotes. */
static gsize
measure_word (const char *text)
{
  gboolean is_quoted = FALSE;
  gsize length = 0;

  while (text[length] != '\0' && (is_quoted || strchr (" \t\r\n", text[length]) == NULL))
    {
      if (text[length] == '\\' && is_quoted && text[length + 1] != '\0')
        length++;
      else if (text[length] == '"')
        is_quoted = !is_quoted;
      length++;
    }
  return length;
}

/* "ann@example.org", its first part in quotes or not. */
static gboolean
is_address (const char *word,
            gsize       length)
{
  const char *at = g_strrstr_len (word, (gssize) length, "@");

  return at != NULL && at > word && at + 1 < word + length &&
         memchr (at, '"', (gsize) (word + length - at)) == NULL &&
         g_strstr_len (word, (gssize) length, "=?") == NULL;
}

/* Each word that looks like an address is one, the rest is the name of the only one. FALSE when
 * there is none. */
static gboolean
add_bare (Parser *parser)
{
  g_autoptr(GString) rest = g_string_new (NULL);
  guint n_before = parser->mailboxes->len;
  gsize length;

  for (const char *word = parser->words->str; *word != '\0'; word += length)
    {
      g_autofree char *text = NULL;
      char *address = NULL;

      word += strspn (word, " \t\r\n");
      length = measure_word (word);
      text = g_strndup (word, length);
      if (is_address (word, length))
        address = clean_address (text);
      if (address != NULL)
        {
          add_mailbox (parser, NULL, address);
          continue;
        }
      if (length > 1 && word[0] == '"' && word[length - 1] == '"')
        append_unescaped (rest, word + 1, word + length - 1);
      else
        g_string_append_len (rest, word, (gssize) length);
      g_string_append_c (rest, ' ');
    }
  g_strchomp (rest->str);
  /* what a group that does not end is called is no name of who is in it */
  if (parser->mailboxes->len == n_before + 1)
    g_array_index (parser->mailboxes, IMsgMailbox, n_before).name =
      take_name (parser, g_str_has_suffix (rest->str, ":") ? "" : rest->str);
  return parser->mailboxes->len > n_before;
}

/* Somebody of this machine, or an address with blanks in it as RFC 822 allowed. */
static gboolean
add_local (Parser *parser)
{
  const char *words = parser->words->str;
  guint n_words = 0;
  gsize length;
  char *address;

  if (!g_str_is_ascii (words) || strpbrk (words, "\"?\\") != NULL)
    return FALSE;
  for (const char *word = words; *word != '\0'; word += length)
    {
      word += strspn (word, " \t\r\n");
      length = measure_word (word);
      n_words += length > 0;
    }
  if (n_words == 0 || n_words > (strchr (words, '@') != NULL ? 3 : 1))
    return FALSE;
  address = clean_address (words);
  if (address != NULL)
    add_mailbox (parser, take_name (parser, ""), address);
  return address != NULL;
}

/* What was read so far, at the end of an item. */
static void
add_item (Parser *parser)
{
  g_autofree char *address = parser->angle != NULL ? clean_address (parser->angle) : NULL;
  g_autofree char *phrase = NULL;

  if (address != NULL && strchr (address, '@') == NULL)
    {
      g_string_append_printf (parser->words, " %s", address);
      if (add_bare (parser))
        return;
    }
  if (address != NULL)
    {
      char *name = join_name (parser, take_name (parser, parser->phrase->str));

      add_mailbox (parser, name, g_steal_pointer (&address));
      return;
    }
  if (add_bare (parser) ||
      (parser->angle == NULL && !parser->is_decoded && add_local (parser)))
    return;
  phrase = clean_name (parser->phrase->str);
  if (phrase == NULL)
    return;
  if (!parser->is_decoded && strchr (phrase, '@') != NULL)
    parse (phrase, parser->mailboxes, TRUE);
  else
    add_mailbox (parser, take_name (parser, parser->phrase->str), NULL);
}

static void
end_item (Parser *parser,
          char    separator)
{
  guint n_before = parser->mailboxes->len;
  const IMsgMailbox *last;

  add_item (parser);
  /* a bare word or a name: an address in full stands for itself */
  parser->may_go_on = FALSE;
  if (separator == ',' && parser->angle == NULL && parser->mailboxes->len == n_before + 1)
    {
      last = &g_array_index (parser->mailboxes, IMsgMailbox, n_before);
      parser->may_go_on = last->address == NULL || strchr (last->address, '@') == NULL;
    }
  g_string_truncate (parser->phrase, 0);
  g_string_truncate (parser->words, 0);
  g_string_truncate (parser->comment, 0);
  g_clear_pointer (&parser->angle, g_free);
}

/* --- the list --- */

static void
append (Parser     *parser,
        const char *text,
        gsize       length)
{
  g_string_append_len (parser->phrase, text, (gssize) length);
  g_string_append_len (parser->words, text, (gssize) length);
}

/* The quote that ends what c begins; NULL when none does. */
static const char *
find_quote_end (Parser     *parser,
                const char *c)
{
  if (parser->is_unquoted)
    return NULL;
  for (c++; *c != '\0' && *c != '"'; c++)
    if (*c == '\\' && c[1] != '\0')
      c++;
  parser->is_unquoted = *c == '\0';
  return *c != '\0' ? c : NULL;
}

static const char *
find_comment_end (Parser     *parser,
                  const char *c)
{
  gsize depth = 0;

  if (parser->is_uncommented)
    return NULL;
  for (; *c != '\0'; c++)
    if (*c == '\\' && c[1] != '\0')
      c++;
    else if (*c == '(')
      depth++;
    else if (*c == ')' && --depth == 0)
      return c;
  parser->is_uncommented = TRUE;
  return NULL;
}

static const char *
read_quoted (Parser     *parser,
             const char *c)
{
  const char *end = find_quote_end (parser, c);

  if (end == NULL)
    {
      append (parser, " ", 1);
      return c + 1;
    }
  append_unescaped (parser->phrase, c + 1, end);
  g_string_append_len (parser->words, c, end + 1 - c);
  return end + 1;
}

static const char *
read_comment (Parser     *parser,
              const char *c)
{
  const char *end = find_comment_end (parser, c);

  append (parser, " ", 1);
  if (end == NULL)
    return c + 1;
  if (parser->comment->len > 0)
    g_string_append_c (parser->comment, ' ');
  append_unescaped (parser->comment, c + 1, end);
  return end + 1;
}

/* Angles that do not end do so where the item does. Somebody in angles behind somebody in angles
 * is another; what is no address before one is part of the name. */
static const char *
read_angles (Parser     *parser,
             const char *c)
{
  const char *end = c + 1;
  g_autofree char *angle = NULL;

  while (*end != '\0' && *end != '<' && *end != '>')
    {
      const char *quote = *end == '"' ? find_quote_end (parser, end) : NULL;

      end = quote != NULL ? quote + 1 : end + 1;
    }
  if (*end != '>')
    end = c + 1 + strcspn (c + 1, ",;<");
  angle = g_strndup (c + 1, (gsize) (end - c - 1));
  if (!is_blank (angle) && parser->angle != NULL && !is_blank (parser->angle))
    {
      if (strchr (parser->angle, '@') != NULL)
        {
          g_autofree char *phrase = g_strdup (parser->phrase->str + parser->n_before_angle);

          g_string_truncate (parser->phrase, parser->n_before_angle);
          end_item (parser, '<');
          append (parser, phrase, strlen (phrase));
        }
      else
        append (parser, parser->angle, strlen (parser->angle));
    }
  if (parser->angle == NULL || !is_blank (angle))
    {
      g_free (parser->angle);
      parser->angle = g_steal_pointer (&angle);
    }
  append (parser, " ", 1);
  parser->n_before_angle = parser->phrase->len;
  return *end == '>' ? end + 1 : end;
}

/* "[192.0.2.1]", "[IPv6:…]", "[Team]": no colon in it begins a group. */
static const char *
read_brackets (Parser     *parser,
               const char *c)
{
  gsize length = 1 + strcspn (c + 1, "[],;<>\"()");

  length = c[length] == ']' ? length + 1 : 1;
  append (parser, c, length);
  return c + length;
}

static void
begin_group (Parser *parser)
{
  g_free (parser->group);
  parser->group = g_strdup (parser->phrase->str);
  parser->n_before_group = parser->mailboxes->len;
  parser->may_go_on = FALSE;
  g_string_truncate (parser->phrase, 0);
  g_string_truncate (parser->words, 0);
}

/* "Name:;" is how somebody without an Internet address goes out. */
static void
end_group (Parser *parser)
{
  char *name = parser->group != NULL && parser->mailboxes->len == parser->n_before_group
                 ? clean_name (parser->group)
                 : NULL;

  if (name != NULL)
    add_mailbox (parser, name, NULL);
  g_clear_pointer (&parser->group, g_free);
}

static const char *
read_next (Parser     *parser,
           const char *c,
           const char *last_semicolon)
{
  const char *word_end;

  switch (*c)
    {
    case '"':
      return read_quoted (parser, c);
    case '(':
      return read_comment (parser, c);
    case '<':
      return read_angles (parser, c);
    case '[':
      return read_brackets (parser, c);
    case '>':
    case ')':
      append (parser, " ", 1);
      return c + 1;
    case ',':
    case ';':
      end_item (parser, *c);
      if (*c == ';')
        end_group (parser);
      return c + 1;
    case ':':
      if (c < last_semicolon && parser->angle == NULL && !is_blank (parser->phrase->str))
        begin_group (parser);
      else
        append (parser, c, 1);
      return c + 1;
    case '=':
      word_end = _imsg_mime_find_word_end (c);
      if (word_end != NULL)
        {
          append (parser, c, (gsize) (word_end - c));
          return word_end;
        }
      /* fall through */
    default:
      append (parser, c, 1);
      return c + 1;
    }
}

static void
parse (const char *value,
       GArray     *mailboxes,
       gboolean    is_decoded)
{
  g_autoptr(GString) phrase = g_string_new (NULL);
  g_autoptr(GString) words = g_string_new (NULL);
  g_autoptr(GString) comment = g_string_new (NULL);
  Parser parser = { .mailboxes = mailboxes, .phrase = phrase, .words = words, .comment = comment,
                    .is_decoded = is_decoded };
  const char *last_semicolon = strrchr (value, ';');

  for (const char *c = value; *c != '\0';)
    c = read_next (&parser, c, last_semicolon);
  end_item (&parser, '\0');
  end_group (&parser);
}

void
_imsg_mime_parse_mailboxes (const char *value,
                            GArray     *mailboxes)
{
  parse (value, mailboxes, FALSE);
}
