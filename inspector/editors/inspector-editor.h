/* inspector-editor.h - what edits one value
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <adwaita.h>
#include <imsg.h>

G_BEGIN_DECLS

#define INSPECTOR_TYPE_EDITOR (inspector_editor_get_type ())
G_DECLARE_DERIVABLE_TYPE (InspectorEditor, inspector_editor, INSPECTOR, EDITOR, AdwBin)

struct _InspectorEditorClass
{
  AdwBinClass parent_class;

  /* value is NULL when there is none that can be read */
  void      (*show_value) (InspectorEditor   *self,
                           GVariant          *value,
                           gboolean           editable);
  /* (transfer full): the value as edited, never floating */
  GVariant *(*read_value) (InspectorEditor   *self,
                           GError           **error);
  /* What was typed, for an editor of text, and back */
  char     *(*dup_draft)  (InspectorEditor   *self);
  void      (*show_draft) (InspectorEditor   *self,
                           const char        *draft);
};

/* The editor for values of a type; NULL when nothing can edit them */
InspectorEditor  *inspector_editor_new        (IMsgPropertyType   type);
IMsgPropertyType  inspector_editor_get_value_type (InspectorEditor *self);
void              inspector_editor_show_value (InspectorEditor   *self,
                                               GVariant          *value,
                                               gboolean           editable);
GVariant         *inspector_editor_read_value (InspectorEditor   *self,
                                               GError           **error);
char             *inspector_editor_dup_draft  (InspectorEditor   *self);
void              inspector_editor_show_draft (InspectorEditor   *self,
                                               const char        *draft);
gboolean          inspector_editor_is_edited  (InspectorEditor   *self);
/* For subclasses: somebody changed something */
void              inspector_editor_touch      (InspectorEditor   *self);

GType inspector_entry_editor_get_type   (void);
GType inspector_boolean_editor_get_type (void);
GType inspector_text_editor_get_type    (void);
GType inspector_binary_editor_get_type  (void);
GType inspector_list_editor_get_type    (void);

G_END_DECLS
