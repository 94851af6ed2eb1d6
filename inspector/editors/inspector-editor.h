/* inspector-editor.h - what edits one value
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "inspector-hex-view.h"

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
  /* Where the bytes of the value can be marked, for an editor that shows them */
  InspectorHexView *(*get_hex_view) (InspectorEditor *self);
};

/* The editor for values of a type; NULL when nothing can edit them */
InspectorEditor  *inspector_editor_new             (IMsgPropertyType   type);
IMsgPropertyType  inspector_editor_get_value_type  (InspectorEditor   *self);
/* What is known beside the value itself; given before the value is shown */
void              inspector_editor_set_value_names (InspectorEditor   *self,
                                                    GPtrArray         *names);
GPtrArray        *inspector_editor_get_value_names (InspectorEditor   *self);
void              inspector_editor_set_stored      (InspectorEditor   *self,
                                                    GBytes            *stored,
                                                    guint              code_page);
GBytes           *inspector_editor_get_stored      (InspectorEditor   *self);
guint             inspector_editor_get_code_page   (InspectorEditor   *self);

void              inspector_editor_show_value      (InspectorEditor   *self,
                                                    GVariant          *value,
                                                    gboolean           editable);
GVariant         *inspector_editor_read_value      (InspectorEditor   *self,
                                                    GError           **error);
char             *inspector_editor_dup_draft       (InspectorEditor   *self);
void              inspector_editor_show_draft      (InspectorEditor   *self,
                                                    const char        *draft);
InspectorHexView *inspector_editor_get_hex_view    (InspectorEditor   *self);
gboolean          inspector_editor_is_edited       (InspectorEditor   *self);
/* For subclasses: somebody changed something; a whole change is to be applied at once */
void              inspector_editor_touch           (InspectorEditor   *self);
void              inspector_editor_finish          (InspectorEditor   *self);

GType inspector_entry_editor_get_type   (void);
GType inspector_boolean_editor_get_type (void);
GType inspector_text_editor_get_type    (void);
GType inspector_binary_editor_get_type  (void);
GType inspector_list_editor_get_type    (void);

G_END_DECLS
