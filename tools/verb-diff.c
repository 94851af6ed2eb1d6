/* verb-diff.c - imsg diff: two messages, property by property
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

#include "tool.h"

typedef struct
{
  gboolean brief;      /* only say that they differ */
  guint    n_differences;
  GString *output;
} Diff;

static void diff_messages (Diff        *diff,
                           IMsgMessage *a,
                           IMsgMessage *b,
                           const char  *where);

static void
tell (Diff       *diff,
      char        sign,
      const char *where,
      const char *text)
{
  diff->n_differences++;
  if (diff->brief)
    return;
  g_string_append_c (diff->output, sign);
  g_string_append_c (diff->output, ' ');
  tool_append_clean (diff->output, where, FALSE);
  tool_append_clean (diff->output, text, FALSE);
  g_string_append_c (diff->output, '\n');
}

static char *
describe (IMsgProperty *property)
{
  g_autofree char *name = tool_describe_property (property);
  g_autofree char *value = imsg_property_dup_display_value (property);
  IMsgPropertyAttributes attributes = imsg_property_get_attributes (property);

  return g_strdup_printf ("0x%08X %s (%" G_GUINT64_FORMAT "%s%s%s) = %s",
                          imsg_property_get_tag (property), name, imsg_property_get_size (property),
                          attributes & IMSG_PROPERTY_ATTRIBUTES_MANDATORY ? " M" : "",
                          attributes & IMSG_PROPERTY_ATTRIBUTES_READABLE ? " R" : "",
                          attributes & IMSG_PROPERTY_ATTRIBUTES_WRITEABLE ? " W" : "", value);
}

/* What a property is, whatever id this file gave its name. */
static char *
key_of (IMsgProperty *property)
{
  IMsgPropertyName *name = imsg_property_get_property_name (property);
  guint32 tag = imsg_property_get_tag (property);
  g_autofree char *text = NULL;

  if (name == NULL)
    return g_strdup_printf ("%08X", tag);
  text = imsg_property_name_to_text (name);
  return g_strdup_printf ("%s:%04X", text, tag & 0xFFFF);
}

static gboolean
is_equal (IMsgPropertyObject *a_object,
          IMsgProperty       *a,
          IMsgPropertyObject *b_object,
          IMsgProperty       *b)
{
  g_autoptr(GBytes) a_bytes = NULL;
  g_autoptr(GBytes) b_bytes = NULL;

  if (imsg_property_get_attributes (a) != imsg_property_get_attributes (b))
    return FALSE;
  a_bytes = imsg_property_object_get_raw (a_object, imsg_property_get_tag (a), NULL);
  b_bytes = imsg_property_object_get_raw (b_object, imsg_property_get_tag (b), NULL);
  if (a_bytes == NULL || b_bytes == NULL)
    return a_bytes == b_bytes;
  return g_bytes_equal (a_bytes, b_bytes);
}

static void
diff_properties (Diff               *diff,
                 IMsgPropertyObject *a,
                 IMsgPropertyObject *b,
                 const char         *where)
{
  GListModel *a_list = imsg_property_object_get_properties (a);
  GListModel *b_list = imsg_property_object_get_properties (b);
  g_autoptr(GHashTable) others = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                                        g_object_unref);

  for (guint i = 0; i < g_list_model_get_n_items (b_list); i++)
    {
      g_autoptr(IMsgProperty) property = g_list_model_get_item (b_list, i);

      if (imsg_property_get_origin (property) != IMSG_PROPERTY_ORIGIN_COMPUTED)
        g_hash_table_insert (others, key_of (property), g_object_ref (property));
    }
  for (guint i = 0; i < g_list_model_get_n_items (a_list); i++)
    {
      g_autoptr(IMsgProperty) property = g_list_model_get_item (a_list, i);
      g_autofree char *key = key_of (property);
      IMsgProperty *other = g_hash_table_lookup (others, key);
      g_autofree char *text = NULL;
      g_autofree char *other_text = NULL;

      if (imsg_property_get_origin (property) == IMSG_PROPERTY_ORIGIN_COMPUTED)
        continue;
      if (other == NULL || !is_equal (a, property, b, other))
        {
          text = describe (property);
          tell (diff, '-', where, text);
          if (other != NULL)
            {
              other_text = describe (other);
              tell (diff, '+', where, other_text);
            }
        }
      g_hash_table_remove (others, key);
    }
  for (guint i = 0; i < g_list_model_get_n_items (b_list); i++)
    {
      g_autoptr(IMsgProperty) property = g_list_model_get_item (b_list, i);
      g_autofree char *key = key_of (property);
      g_autofree char *text = NULL;

      if (imsg_property_get_origin (property) == IMSG_PROPERTY_ORIGIN_COMPUTED ||
          !g_hash_table_contains (others, key))
        continue;
      text = describe (property);
      tell (diff, '+', where, text);
    }
}

static void
diff_attachments (Diff           *diff,
                  IMsgAttachment *a,
                  IMsgAttachment *b,
                  const char     *where)
{
  g_autoptr(IMsgMessage) a_message = NULL;
  g_autoptr(IMsgMessage) b_message = NULL;

  diff_properties (diff, IMSG_PROPERTY_OBJECT (a), IMSG_PROPERTY_OBJECT (b), where);
  if (imsg_attachment_get_method (a) != IMSG_ATTACHMENT_METHOD_EMBEDDED_MESSAGE ||
      imsg_attachment_get_method (b) != IMSG_ATTACHMENT_METHOD_EMBEDDED_MESSAGE)
    return;
  a_message = imsg_attachment_open_message (a, NULL, NULL);
  b_message = imsg_attachment_open_message (b, NULL, NULL);
  if (a_message != NULL && b_message != NULL)
    diff_messages (diff, a_message, b_message, where);
  else if (a_message != b_message)
    tell (diff, a_message != NULL ? '-' : '+', where, _("a message that can be read"));
}

static void
diff_rows (Diff       *diff,
           GListModel *a,
           GListModel *b,
           const char *where,
           const char *kind)
{
  guint n_a = g_list_model_get_n_items (a);
  guint n_b = g_list_model_get_n_items (b);

  for (guint i = 0; i < MAX (n_a, n_b); i++)
    {
      g_autoptr(IMsgPropertyObject) a_row = g_list_model_get_item (a, i);
      g_autoptr(IMsgPropertyObject) b_row = g_list_model_get_item (b, i);
      g_autofree char *inner = g_strdup_printf ("%s%s/%u/", where, kind, i);

      if (a_row == NULL || b_row == NULL)
        tell (diff, a_row != NULL ? '-' : '+', inner, "");
      else if (IMSG_IS_ATTACHMENT (a_row))
        diff_attachments (diff, IMSG_ATTACHMENT (a_row), IMSG_ATTACHMENT (b_row), inner);
      else
        diff_properties (diff, a_row, b_row, inner);
    }
}

/* Recurses once for each level of embedding, which the library bounds. */
static void
diff_messages (Diff        *diff,
               IMsgMessage *a,
               IMsgMessage *b,
               const char  *where)
{
  diff_properties (diff, IMSG_PROPERTY_OBJECT (a), IMSG_PROPERTY_OBJECT (b), where);
  diff_rows (diff, imsg_message_get_recipients (a), imsg_message_get_recipients (b), where,
             "recipients");
  diff_rows (diff, imsg_message_get_attachments (a), imsg_message_get_attachments (b), where,
             "attachments");
}

static int
run (Diff  *diff,
     char **names)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) a = NULL;
  g_autoptr(IMsgMessage) b = NULL;
  g_autoptr(GError) error = NULL;

  if (names == NULL || g_strv_length (names) != 2)
    return tool_usage ("%s", _("Two files are needed"));
  if (strcmp (names[0], "-") == 0 && strcmp (names[1], "-") == 0)
    return tool_usage ("%s", _("Standard input can be read only once"));
  a = tool_open_message (session, names[0], IMSG_OPEN_READ_ONLY, &error);
  b = a != NULL ? tool_open_message (session, names[1], IMSG_OPEN_READ_ONLY, &error) : NULL;
  if (b == NULL)
    {
      g_autofree char *display_name = tool_display_name (names[a == NULL ? 0 : 1]);

      fprintf (stderr, "imsg: %s: %s\n", display_name, error->message);
      return TOOL_USAGE;
    }
  diff->output = g_string_new (NULL);
  diff_messages (diff, a, b, "/");
  tool_print (diff->output->str, diff->output->len);
  g_string_free (diff->output, TRUE);
  if (diff->brief && diff->n_differences > 0)
    {
      g_autofree char *a_name = tool_display_name (names[0]);
      g_autofree char *b_name = tool_display_name (names[1]);

      printf (_("%s and %s differ"), a_name, b_name);
      putchar ('\n');
    }
  imsg_session_close (session);
  return diff->n_differences > 0 ? TOOL_FAILED : TOOL_OK;
}

int
verb_diff (int    argc,
           char **argv)
{
  g_autoptr(GOptionContext) context = NULL;
  g_auto(GStrv) names = NULL;
  Diff diff = { FALSE };
  int result = TOOL_USAGE;
  const GOptionEntry entries[] = {
    { "brief", 'q', 0, G_OPTION_ARG_NONE, &diff.brief, N_("Only say whether they differ"), NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &names, NULL, NULL },
    G_OPTION_ENTRY_NULL
  };

  context = tool_context_new (_("FILE FILE"),
                              _("Compares two messages, property by property. Exits with 0 when "
                                "they are the same, 1 when they differ, 2 when they cannot be "
                                "compared."),
                              entries);
  if (tool_context_parse (context, &argc, &argv))
    result = run (&diff, names);
  return result;
}
