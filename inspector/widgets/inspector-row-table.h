/* inspector-row-table.h - a plain table over recipients, attachments and the like
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* (transfer full): the text of a cell */
typedef char *(*InspectorCellFunc) (gpointer item);

typedef struct
{
  const char        *title;      /* not translated yet */
  /* NULL where rows are a GtkStringObject with a tab between the texts of its columns */
  InspectorCellFunc  text;
  gboolean           expand;
  guint              min_chars;
  /* The icon before the text; may be NULL, and give NULL */
  const char      *(*icon) (gpointer item);
  guint              natural_chars;  /* where there is room */
  /* What the column is sorted by, and aligned as; NULL for its text */
  guint64          (*number) (gpointer item);
} InspectorRowColumn;

/* Fills a column view with columns that show text, sort by it, and say the whole row aloud */
void inspector_row_table_add_columns (GtkColumnView            *table,
                                      const InspectorRowColumn *columns,
                                      guint                     n_columns);
/* (transfer full) (nullable): what a column shows of an item */
char *inspector_row_table_dup_text   (const InspectorRowColumn *columns,
                                      guint                     index,
                                      gpointer                  item);
/* Rows that have a text in one of their columns, whatever its case */
#define INSPECTOR_TYPE_ROW_FILTER (inspector_row_filter_get_type ())
G_DECLARE_FINAL_TYPE (InspectorRowFilter, inspector_row_filter, INSPECTOR, ROW_FILTER, GtkFilter)

InspectorRowFilter *inspector_row_filter_new      (const InspectorRowColumn *columns,
                                                   guint                     n_columns);
void                inspector_row_filter_set_text (InspectorRowFilter       *self,
                                                   const char               *text);
/* Selection over a model sorted by the table's header; (transfer full) */
GtkSingleSelection *inspector_row_table_set_model (GtkColumnView *table,
                                                   GListModel    *model);

/* Figures stand at the right edge, in whatever direction the language is read */
void inspector_row_table_align_number (GtkWidget    *inscription);
/* For factories of such a table: lets the menu find the row of a cell */
void inspector_row_table_mark_cell   (GtkListItem   *item);
/* What is in the row at a place; (transfer none) (nullable) */
gpointer inspector_row_table_get_item_at (GtkColumnView *table,
                                          double         x,
                                          double         y);
/* Gives the focus to a row, scrolling to it; to the table when there is none at the position */
void inspector_row_table_focus_row   (GtkColumnView *table,
                                      guint          position);
/* A menu for the row that is clicked with the secondary button, or selected when the Menu key is
 * pressed. parent is a widget around the table that has a layout manager. */
void inspector_row_table_add_menu    (GtkColumnView *table,
                                      GtkWidget     *parent,
                                      GMenuModel    *menu);

G_END_DECLS
