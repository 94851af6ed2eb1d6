/* inspector-value-pane-private.h - what the files of the value pane share
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "inspector-editor.h"
#include "inspector-attachment-details.h"
#include "inspector-attribute-box.h"
#include "inspector-hex-pane.h"
#include "inspector-structure-view.h"
#include "inspector-value-pane.h"

G_BEGIN_DECLS

struct _InspectorValuePane
{
  GtkWidget               parent_instance;

  GtkStack               *stack;
  GtkLabel               *title;
  GtkLabel               *facts;
  GtkWidget              *lock_box;
  GtkLabel               *lock_label;
  AdwBin                 *editor_bin;
  GtkLabel               *problem;
  GtkLabel               *words;
  GtkWidget              *open_button;
  InspectorAttributeBox  *attribute_box;
  InspectorAttachmentDetails *details;
  GtkWidget              *structure_expander;
  InspectorStructureView *structure_view;
  GtkExpander            *bytes_expander;
  InspectorHexPane       *bytes_pane;

  InspectorView          *view;
  IMsgPropertyObject     *object;
  IMsgProperty           *property;
  InspectorEditor        *editor;       /* borrowed from the bin; NULL when there is none */
  guint                   is_showing : 1;
  guint                   is_applying : 1;
  guint                   is_marking : 1;
  guint                   edits_bytes : 1;   /* text is edited as the bytes it is stored as */
};

/* inspector-value-pane.c */
gboolean             _inspector_value_pane_is_too_large   (InspectorValuePane     *self);
guint                _inspector_value_pane_get_code_page  (InspectorValuePane     *self);
void                 _inspector_value_pane_show_problem   (InspectorValuePane     *self,
                                                           const char             *text);

/* inspector-value-pane-bytes.c */
InspectorByteBuffer *_inspector_value_pane_get_bytes      (InspectorValuePane     *self);
void                 _inspector_value_pane_load_bytes     (InspectorValuePane     *self);
void                 _inspector_value_pane_show_structure (InspectorValuePane     *self,
                                                           GVariant               *value);
void                 _inspector_value_pane_caret_moved_cb (InspectorHexView       *view,
                                                           InspectorValuePane     *self);
void                 _inspector_value_pane_structure_selected_cb (InspectorStructureView *structure,
                                                                  guint                offset,
                                                                  guint                n_bytes,
                                                                  InspectorValuePane  *self);

G_END_DECLS
