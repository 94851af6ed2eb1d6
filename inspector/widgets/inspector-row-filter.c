/* inspector-row-filter.c - the rows of a plain table that have a text in them
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-row-table.h"

#include <string.h>

struct _InspectorRowFilter
{
  GtkFilter                 parent_instance;

  const InspectorRowColumn *columns;
  guint                     n_columns;
  char                     *folded;     /* what is searched for; NULL for nothing */
};

G_DEFINE_FINAL_TYPE (InspectorRowFilter, inspector_row_filter, GTK_TYPE_FILTER)

static gboolean
inspector_row_filter_match (GtkFilter *filter,
                            gpointer   item)
{
  InspectorRowFilter *self = INSPECTOR_ROW_FILTER (filter);

  if (self->folded == NULL)
    return TRUE;
  for (guint i = 0; i < self->n_columns; i++)
    {
      g_autofree char *text = inspector_row_table_dup_text (self->columns, i, item);
      g_autofree char *folded = text != NULL ? g_utf8_casefold (text, -1) : NULL;

      if (folded != NULL && strstr (folded, self->folded) != NULL)
        return TRUE;
    }
  return FALSE;
}

static GtkFilterMatch
inspector_row_filter_get_strictness (GtkFilter *filter)
{
  return INSPECTOR_ROW_FILTER (filter)->folded == NULL ? GTK_FILTER_MATCH_ALL
                                                       : GTK_FILTER_MATCH_SOME;
}

static void
inspector_row_filter_finalize (GObject *object)
{
  g_free (INSPECTOR_ROW_FILTER (object)->folded);

  G_OBJECT_CLASS (inspector_row_filter_parent_class)->finalize (object);
}

static void
inspector_row_filter_class_init (InspectorRowFilterClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = inspector_row_filter_finalize;
  GTK_FILTER_CLASS (klass)->match = inspector_row_filter_match;
  GTK_FILTER_CLASS (klass)->get_strictness = inspector_row_filter_get_strictness;
}

static void
inspector_row_filter_init (InspectorRowFilter *self)
{
}

InspectorRowFilter *
inspector_row_filter_new (const InspectorRowColumn *columns,
                          guint                     n_columns)
{
  InspectorRowFilter *self = g_object_new (INSPECTOR_TYPE_ROW_FILTER, NULL);

  self->columns = columns;
  self->n_columns = n_columns;
  return self;
}

void
inspector_row_filter_set_text (InspectorRowFilter *self,
                               const char         *text)
{
  g_autofree char *folded = NULL;

  g_return_if_fail (INSPECTOR_IS_ROW_FILTER (self));

  folded = *text != '\0' ? g_utf8_casefold (text, -1) : NULL;
  if (g_strcmp0 (folded, self->folded) == 0)
    return;
  g_free (self->folded);
  self->folded = g_steal_pointer (&folded);
  gtk_filter_changed (GTK_FILTER (self), GTK_FILTER_CHANGE_DIFFERENT);
}
