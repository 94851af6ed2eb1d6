/* inspector-row-page.h - a page with a table of what belongs to a message
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "inspector-row-table.h"
#include "inspector-view.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define INSPECTOR_TYPE_ROW_PAGE (inspector_row_page_get_type ())
G_DECLARE_DERIVABLE_TYPE (InspectorRowPage, inspector_row_page, INSPECTOR, ROW_PAGE, GtkWidget)

struct _InspectorRowPageClass
{
  GtkWidgetClass parent_class;

  /* The node that the page is for */
  InspectorNodeKind   kind;
  GListModel       *(*get_rows) (IMsgMessage      *message);
  /* Another row is selected, rows came or went, or the message may be edited or not */
  void              (*update)   (InspectorRowPage *self);
};

/* For subclasses, once their template is there; the menu is that of a row */
void           inspector_row_page_set_table    (InspectorRowPage         *self,
                                                GtkColumnView            *table,
                                                const InspectorRowColumn *columns,
                                                guint                     n_columns,
                                                GMenuModel               *menu);
/* A key of the table */
void           inspector_row_page_add_key      (InspectorRowPage         *self,
                                                guint                     keyval,
                                                GdkModifierType           modifiers,
                                                const char               *action,
                                                GVariant                 *parameter);
/* Where to search for rows; for subclasses, too */
void           inspector_row_page_set_search   (InspectorRowPage         *self,
                                                GtkSearchBar             *bar,
                                                GtkSearchEntry           *entry);
void           inspector_row_page_start_search (InspectorRowPage         *self);
void           inspector_row_page_set_view     (InspectorRowPage         *self,
                                                InspectorView            *view);
InspectorView *inspector_row_page_get_view     (InspectorRowPage         *self);
IMsgMessage   *inspector_row_page_get_message  (InspectorRowPage         *self);
guint          inspector_row_page_get_n_rows   (InspectorRowPage         *self);
/* The selected row; NULL when there is none */
gpointer       inspector_row_page_get_selected (InspectorRowPage         *self);
void           inspector_row_page_select       (InspectorRowPage         *self,
                                                gpointer                  row);

G_END_DECLS
