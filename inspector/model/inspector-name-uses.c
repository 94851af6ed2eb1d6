/* inspector-name-uses.c - which parts of a message have a named property
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-name-uses.h"

#include <glib/gi18n.h>

/* Nobody should wait for the count of more rows than this */
#define MAX_COUNTED_ROWS 1000

typedef struct
{
  guint in_message;
  guint n_recipients;
  guint n_attachments;
} Uses;

struct _InspectorNameUses
{
  GHashTable *by_id;  /* id → Uses */
};

static void
count_object (InspectorNameUses  *self,
              IMsgPropertyObject *object)
{
  gsize n_tags = 0;
  g_autofree guint32 *tags = imsg_property_object_list_tags (object, &n_tags);

  for (gsize i = 0; i < n_tags; i++)
    {
      gpointer id = GUINT_TO_POINTER (imsg_property_tag_get_id (tags[i]));
      Uses *uses = NULL;

      if (!imsg_property_tag_is_named (tags[i]))
        continue;
      uses = g_hash_table_lookup (self->by_id, id);
      if (uses == NULL)
        {
          uses = g_new0 (Uses, 1);
          g_hash_table_insert (self->by_id, id, uses);
        }
      if (IMSG_IS_RECIPIENT (object))
        uses->n_recipients++;
      else if (IMSG_IS_ATTACHMENT (object))
        uses->n_attachments++;
      else
        uses->in_message = 1;
    }
}

static void
count_rows (InspectorNameUses *self,
            GListModel        *rows)
{
  guint n_rows = MIN (g_list_model_get_n_items (rows), MAX_COUNTED_ROWS);

  for (guint i = 0; i < n_rows; i++)
    {
      g_autoptr(IMsgPropertyObject) row = g_list_model_get_item (rows, i);

      count_object (self, row);
    }
}

InspectorNameUses *
inspector_name_uses_new (IMsgMessage *message)
{
  InspectorNameUses *self = g_new0 (InspectorNameUses, 1);

  self->by_id = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  if (message == NULL)
    return self;
  count_object (self, IMSG_PROPERTY_OBJECT (message));
  count_rows (self, imsg_message_get_recipients (message));
  count_rows (self, imsg_message_get_attachments (message));
  return self;
}

void
inspector_name_uses_free (InspectorNameUses *self)
{
  g_hash_table_unref (self->by_id);
  g_free (self);
}

static void
append (GString    *text,
        const char *part)
{
  g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", part);
}

char *
inspector_name_uses_dup_text (InspectorNameUses *self,
                              guint              id)
{
  const Uses *uses = g_hash_table_lookup (self->by_id, GUINT_TO_POINTER (id));
  g_autoptr(GString) text = g_string_new (NULL);

  if (uses == NULL)
    return g_strdup ("");
  if (uses->in_message)
    append (text, _("message"));
  if (uses->n_recipients > 0)
    {
      g_autofree char *part = g_strdup_printf (ngettext ("%u recipient", "%u recipients",
                                                         uses->n_recipients), uses->n_recipients);

      append (text, part);
    }
  if (uses->n_attachments > 0)
    {
      g_autofree char *part = g_strdup_printf (ngettext ("%u attachment", "%u attachments",
                                                         uses->n_attachments),
                                               uses->n_attachments);

      append (text, part);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}
