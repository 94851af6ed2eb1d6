/* imsg-restriction-print.c - restrictions written as text
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-filetime-private.h"
#include "imsg-limits-private.h"
#include "imsg-property-tags.h"
#include "imsg-restriction-private.h"

static void
print_tag (GString *out,
           guint32  tag)
{
  const char *name = imsg_property_tag_get_name (tag);

  /* A name stands for one tag; another type of its id is written in digits. */
  if (name != NULL && imsg_property_tag_from_name (name) == tag)
    g_string_append (out, name);
  else
    g_string_append_printf (out, "0x%08X", tag);
}

/* Where a value might stand a tag would be read as a number, and an unusual name as a word. */
static void
print_other_tag (GString *out,
                 guint32  tag)
{
  gsize start = out->len;

  print_tag (out, tag);
  if (_imsg_restriction_is_property_name (out->str + start))
    return;
  g_string_insert (out, (gssize) start, "property(");
  g_string_append_c (out, ')');
}

static void
print_value (GString  *out,
             GVariant *value)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  const guint8 *bytes;
  gsize n_bytes;

  switch (g_variant_classify (value))
    {
    case G_VARIANT_CLASS_BOOLEAN:
      g_string_append (out, g_variant_get_boolean (value) ? "true" : "false");
      break;
    case G_VARIANT_CLASS_INT16:
      g_string_append_printf (out, "%d", g_variant_get_int16 (value));
      break;
    case G_VARIANT_CLASS_INT32:
      g_string_append_printf (out, "%d", g_variant_get_int32 (value));
      break;
    case G_VARIANT_CLASS_UINT32:
      g_string_append_printf (out, "0x%X", g_variant_get_uint32 (value));
      break;
    case G_VARIANT_CLASS_INT64:
      g_string_append_printf (out, "%" G_GINT64_FORMAT, g_variant_get_int64 (value));
      break;
    case G_VARIANT_CLASS_UINT64:
      {
        g_autofree char *time = _imsg_filetime_to_rfc3339 (g_variant_get_uint64 (value));

        g_string_append (out, time != NULL ? time : "1601-01-01");
        break;
      }
    case G_VARIANT_CLASS_DOUBLE:
      g_string_append (out, g_ascii_dtostr (number, sizeof number, g_variant_get_double (value)));
      break;
    case G_VARIANT_CLASS_STRING:
      g_string_append_c (out, '"');
      for (const char *p = g_variant_get_string (value, NULL); *p != '\0'; p++)
        {
          if (*p == '"' || *p == '\\')
            g_string_append_c (out, '\\');
          g_string_append_c (out, *p);
        }
      g_string_append_c (out, '"');
      break;
    case G_VARIANT_CLASS_ARRAY:
      if (g_variant_is_of_type (value, G_VARIANT_TYPE_BYTESTRING))
        {
          bytes = g_variant_get_fixed_array (value, &n_bytes, 1);
          g_string_append (out, "x\"");
          for (gsize i = 0; i < n_bytes; i++)
            g_string_append_printf (out, "%02X", bytes[i]);
          g_string_append_c (out, '"');
          break;
        }
      /* fall through */
    default:
      {
        g_autofree char *text = g_variant_print (value, FALSE);

        g_string_append (out, text);
      }
    }
}

static const char *
relation_sign (guint32 relation)
{
  static const char *const names[] = { "<", "<=", ">", ">=", "=", "!=" };

  return relation < G_N_ELEMENTS (names) ? names[relation] : "re";
}

static void
print_restriction (GString               *out,
                   const IMsgRestriction *self,
                   guint                  depth)
{
  static const char *const searches[] = { "=", "~", "^=" };

  if (depth > imsg_limit_get_default (IMSG_LIMIT_RESTRICTION_NESTING))
    {
      g_string_append (out, "…");
      return;
    }
  switch (self->kind)
    {
    case IMSG_RESTRICTION_AND:
    case IMSG_RESTRICTION_OR:
      g_string_append_c (out, '(');
      for (gsize i = 0; i < self->n_children; i++)
        {
          if (i > 0)
            g_string_append (out, self->kind == IMSG_RESTRICTION_AND ? " and " : " or ");
          print_restriction (out, self->children[i], depth + 1);
        }
      g_string_append_c (out, ')');
      break;
    case IMSG_RESTRICTION_NOT:
      g_string_append (out, "not ");
      print_restriction (out, self->children[0], depth + 1);
      break;
    case IMSG_RESTRICTION_CONTENT:
      print_tag (out, self->tag);
      if (self->number == IMSG_FUZZY_SUBSTRING)
        g_string_append (out, " ~~ ");
      else
        g_string_append_printf (out, " %s ",
                                (self->number & 0xFFFF) < G_N_ELEMENTS (searches)
                                  ? searches[self->number & 0xFFFF] : "?");
      print_value (out, self->value);
      break;
    case IMSG_RESTRICTION_PROPERTY:
      print_tag (out, self->tag);
      g_string_append_printf (out, " %s ", relation_sign (self->number));
      print_value (out, self->value);
      break;
    case IMSG_RESTRICTION_COMPARE:
      print_tag (out, self->tag);
      g_string_append_printf (out, " %s ", relation_sign (self->number));
      print_other_tag (out, self->other_tag);
      break;
    case IMSG_RESTRICTION_BIT_MASK:
      print_tag (out, self->tag);
      g_string_append_printf (out, " %s 0x%X", self->non_zero ? "&" : "!&", self->number);
      break;
    case IMSG_RESTRICTION_SIZE:
      g_string_append (out, "size(");
      print_tag (out, self->tag);
      g_string_append_printf (out, ") %s %u", relation_sign (self->number), self->n_bytes);
      break;
    case IMSG_RESTRICTION_EXIST:
      g_string_append (out, "exists(");
      print_tag (out, self->tag);
      g_string_append_c (out, ')');
      break;
    case IMSG_RESTRICTION_SUB_OBJECT:
      g_string_append (out, self->tag == IMSG_PR_MESSAGE_RECIPIENTS ? "recipients("
                                                                    : "attachments(");
      print_restriction (out, self->children[0], depth + 1);
      g_string_append_c (out, ')');
      break;
    case IMSG_RESTRICTION_COMMENT:
    case IMSG_RESTRICTION_COUNT:
      if (self->n_children > 0)
        print_restriction (out, self->children[0], depth + 1);
      break;
    }
}

/**
 * imsg_restriction_to_text:
 * @self: a restriction
 *
 * Writes a restriction as [func@IMsg.Restriction.parse] reads it.
 *
 * What that grammar has no words for is written as its nearest: counts and comments are left out,
 * all ways of searching that are not exact become `~` and `^=`.
 *
 * Returns: (transfer full): the text
 * Since: 1.0
 */
char *
imsg_restriction_to_text (const IMsgRestriction *self)
{
  GString *out;

  g_return_val_if_fail (self != NULL, NULL);

  out = g_string_new (NULL);
  print_restriction (out, self, 1);
  return g_string_free (out, FALSE);
}
