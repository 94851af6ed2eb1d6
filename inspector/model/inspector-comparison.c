/* inspector-comparison.c - in what two messages differ
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-comparison.h"

#include "inspector-property-text.h"

#include <glib/gi18n.h>

#define MAX_DEPTH 8
#define MAX_ROWS 20000

typedef struct
{
  GtkStringList *rows;
  guint          n_different;
  gboolean       with_equal;
  GCancellable  *cancellable;
} Comparison;

static void
add_row (Comparison *comparison,
         const char *mark,
         const char *prefix,
         const char *title,
         const char *first,
         const char *second)
{
  if (g_list_model_get_n_items (G_LIST_MODEL (comparison->rows)) < MAX_ROWS)
    gtk_string_list_take (comparison->rows,
                          g_strdup_printf ("%s\t%s%s\t%s\t%s", mark, prefix, title,
                                           first != NULL ? first : "",
                                           second != NULL ? second : ""));
}

static gboolean
is_cancelled (Comparison *comparison)
{
  return g_cancellable_is_cancelled (comparison->cancellable);
}

/* Named properties have other ids in other messages: the name is what they share */
static char *
dup_key (IMsgProperty *property)
{
  IMsgPropertyName *name = imsg_property_get_property_name (property);

  if (name != NULL)
    return imsg_property_name_to_text (name);
  return g_strdup_printf ("0x%04X", imsg_property_get_tag (property) >> 16);
}

static GHashTable *
index_properties (IMsgPropertyObject *object)
{
  GListModel *list = imsg_property_object_get_properties (object);
  GHashTable *index = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      IMsgProperty *property = g_list_model_get_item (list, i);

      g_hash_table_insert (index, dup_key (property), property);
    }
  return index;
}

static gboolean
is_equal (IMsgProperty *first,
          IMsgProperty *second)
{
  g_autoptr(GVariant) a = imsg_property_get_value (first, NULL);
  g_autoptr(GVariant) b = imsg_property_get_value (second, NULL);

  if (a == NULL || b == NULL)
    return a == b;
  return g_variant_equal (a, b);
}

static void
compare_objects (Comparison         *comparison,
                 IMsgPropertyObject *first,
                 IMsgPropertyObject *second,
                 const char         *prefix)
{
  g_autoptr(GHashTable) others = index_properties (second);
  GListModel *list = imsg_property_object_get_properties (first);
  GHashTableIter iter;
  gpointer value;

  for (guint i = 0; i < g_list_model_get_n_items (list) && !is_cancelled (comparison); i++)
    {
      g_autoptr(IMsgProperty) property = g_list_model_get_item (list, i);
      g_autofree char *key = dup_key (property);
      g_autofree char *title = inspector_property_dup_title (property, TRUE);
      g_autofree char *line = inspector_property_dup_line (property);
      IMsgProperty *other = g_hash_table_lookup (others, key);
      g_autofree char *other_line = NULL;

      if (other == NULL)
        {
          comparison->n_different++;
          add_row (comparison, _("only first"), prefix, title, line, NULL);
          continue;
        }
      other_line = inspector_property_dup_line (other);
      if (!is_equal (property, other))
        {
          comparison->n_different++;
          add_row (comparison, _("differs"), prefix, title, line, other_line);
        }
      else if (comparison->with_equal)
        add_row (comparison, _("equal"), prefix, title, line, other_line);
      g_hash_table_remove (others, key);
    }

  g_hash_table_iter_init (&iter, others);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      g_autofree char *title = inspector_property_dup_title (value, TRUE);
      g_autofree char *line = inspector_property_dup_line (value);

      comparison->n_different++;
      add_row (comparison, _("only second"), prefix, title, NULL, line);
    }
}

static void compare_at (Comparison  *comparison,
                        IMsgMessage *first,
                        IMsgMessage *second,
                        const char  *prefix,
                        guint        depth);

static void
compare_rows (Comparison *comparison,
              GListModel *first,
              GListModel *second,
              const char *prefix,
              const char *word,
              guint       depth)
{
  guint n_first = g_list_model_get_n_items (first);
  guint n_second = g_list_model_get_n_items (second);

  for (guint i = 0; i < MAX (n_first, n_second) && !is_cancelled (comparison); i++)
    {
      g_autoptr(IMsgPropertyObject) a = g_list_model_get_item (first, i);
      g_autoptr(IMsgPropertyObject) b = g_list_model_get_item (second, i);
      g_autofree char *place = g_strdup_printf ("%s%s %u: ", prefix, word, i + 1);

      if (a == NULL || b == NULL)
        {
          comparison->n_different++;
          add_row (comparison, a != NULL ? _("only first") : _("only second"), "", place, NULL,
                   NULL);
          continue;
        }
      compare_objects (comparison, a, b, place);
      if (IMSG_IS_ATTACHMENT (a) &&
          imsg_attachment_get_method (IMSG_ATTACHMENT (a)) ==
            IMSG_ATTACHMENT_METHOD_EMBEDDED_MESSAGE &&
          imsg_attachment_get_method (IMSG_ATTACHMENT (b)) ==
            IMSG_ATTACHMENT_METHOD_EMBEDDED_MESSAGE)
        {
          g_autoptr(IMsgMessage) inner_a = NULL;
          g_autoptr(IMsgMessage) inner_b = NULL;

          inner_a = imsg_attachment_open_message (IMSG_ATTACHMENT (a), NULL, NULL);
          inner_b = imsg_attachment_open_message (IMSG_ATTACHMENT (b), NULL, NULL);
          if (inner_a != NULL && inner_b != NULL)
            compare_at (comparison, inner_a, inner_b, place, depth + 1);
        }
    }
}

static void
compare_at (Comparison  *comparison,
            IMsgMessage *first,
            IMsgMessage *second,
            const char  *prefix,
            guint        depth)
{
  if (depth >= MAX_DEPTH)
    return;
  compare_objects (comparison, IMSG_PROPERTY_OBJECT (first), IMSG_PROPERTY_OBJECT (second), prefix);
  compare_rows (comparison, imsg_message_get_recipients (first),
                imsg_message_get_recipients (second), prefix, _("Recipient"), depth);
  compare_rows (comparison, imsg_message_get_attachments (first),
                imsg_message_get_attachments (second), prefix, _("Attachment"), depth);
}

guint
inspector_compare_messages (IMsgMessage   *first,
                            IMsgMessage   *second,
                            gboolean       with_equal,
                            GtkStringList *rows,
                            GCancellable  *cancellable)
{
  Comparison comparison = { rows, 0, with_equal, cancellable };

  compare_at (&comparison, first, second, "", 0);
  return comparison.n_different;
}
