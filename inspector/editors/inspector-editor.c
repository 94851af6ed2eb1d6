/* inspector-editor.c - what edits one value
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-editor.h"

#include "inspector-access.h"
#include "inspector-value.h"

typedef struct
{
  IMsgPropertyType type;
  GPtrArray       *value_names;  /* (element-type IMsgValueName); NULL for none */
  GBytes          *stored;       /* the bytes of the value; NULL when not known */
  guint            code_page;
  guint            is_edited : 1;
  guint            is_showing : 1;
} InspectorEditorPrivate;

enum
{
  SIGNAL_EDITED,
  SIGNAL_FINISHED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (InspectorEditor, inspector_editor, ADW_TYPE_BIN)

static void
inspector_editor_finalize (GObject *object)
{
  InspectorEditor *self = INSPECTOR_EDITOR (object);
  InspectorEditorPrivate *priv = inspector_editor_get_instance_private (self);

  g_clear_pointer (&priv->value_names, g_ptr_array_unref);
  g_clear_pointer (&priv->stored, g_bytes_unref);

  G_OBJECT_CLASS (inspector_editor_parent_class)->finalize (object);
}

static void
inspector_editor_class_init (InspectorEditorClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = inspector_editor_finalize;

  signals[SIGNAL_FINISHED] =
    g_signal_new ("finished", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
  signals[SIGNAL_EDITED] =
    g_signal_new ("edited", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
inspector_editor_init (InspectorEditor *self)
{
}

static GType
get_editor_type (IMsgPropertyType type)
{
  if (imsg_property_type_get_variant_type (type) == NULL)
    return G_TYPE_INVALID;
  if (type & IMSG_MULTI_VALUE_FLAG)
    return inspector_list_editor_get_type ();

  switch (type)
    {
    case IMSG_PROPERTY_TYPE_BOOLEAN:
      return inspector_boolean_editor_get_type ();
    case IMSG_PROPERTY_TYPE_STRING8:
    case IMSG_PROPERTY_TYPE_UNICODE:
      return inspector_text_editor_get_type ();
    case IMSG_PROPERTY_TYPE_BINARY:
    case IMSG_PROPERTY_TYPE_SVREID:
    case IMSG_PROPERTY_TYPE_SRESTRICTION:
    case IMSG_PROPERTY_TYPE_ACTIONS:
      return inspector_binary_editor_get_type ();
    case IMSG_PROPERTY_TYPE_NULL:
    case IMSG_PROPERTY_TYPE_OBJECT:
    case IMSG_PROPERTY_TYPE_UNSPECIFIED:
      return G_TYPE_INVALID;
    default:
      return inspector_entry_editor_get_type ();
    }
}

InspectorEditor *
inspector_editor_new (IMsgPropertyType type)
{
  GType editor_type = get_editor_type (type);
  InspectorEditor *self = NULL;
  InspectorEditorPrivate *priv = NULL;

  if (editor_type == G_TYPE_INVALID)
    return NULL;
  self = g_object_new (editor_type, NULL);
  inspector_access_name_controls (GTK_WIDGET (self));
  priv = inspector_editor_get_instance_private (self);
  priv->type = type;
  return self;
}

IMsgPropertyType
inspector_editor_get_value_type (InspectorEditor *self)
{
  InspectorEditorPrivate *priv = inspector_editor_get_instance_private (self);

  return priv->type;
}

void
inspector_editor_set_value_names (InspectorEditor *self,
                                  GPtrArray       *names)
{
  InspectorEditorPrivate *priv = inspector_editor_get_instance_private (self);

  g_return_if_fail (INSPECTOR_IS_EDITOR (self));

  g_clear_pointer (&priv->value_names, g_ptr_array_unref);
  if (names != NULL && names->len > 0)
    priv->value_names = g_ptr_array_ref (names);
}

GPtrArray *
inspector_editor_get_value_names (InspectorEditor *self)
{
  InspectorEditorPrivate *priv = inspector_editor_get_instance_private (self);

  return priv->value_names;
}

void
inspector_editor_set_stored (InspectorEditor *self,
                             GBytes          *stored,
                             guint            code_page)
{
  InspectorEditorPrivate *priv = inspector_editor_get_instance_private (self);

  g_return_if_fail (INSPECTOR_IS_EDITOR (self));

  g_clear_pointer (&priv->stored, g_bytes_unref);
  if (stored != NULL)
    priv->stored = g_bytes_ref (stored);
  priv->code_page = code_page;
}

GBytes *
inspector_editor_get_stored (InspectorEditor *self)
{
  InspectorEditorPrivate *priv = inspector_editor_get_instance_private (self);

  return priv->stored;
}

guint
inspector_editor_get_code_page (InspectorEditor *self)
{
  InspectorEditorPrivate *priv = inspector_editor_get_instance_private (self);

  return priv->code_page;
}

void
inspector_editor_show_value (InspectorEditor *self,
                             GVariant        *value,
                             gboolean         editable)
{
  InspectorEditorPrivate *priv = inspector_editor_get_instance_private (self);

  g_return_if_fail (INSPECTOR_IS_EDITOR (self));

  priv->is_showing = TRUE;
  INSPECTOR_EDITOR_GET_CLASS (self)->show_value (self, value, editable);
  priv->is_showing = FALSE;
  priv->is_edited = FALSE;
}

GVariant *
inspector_editor_read_value (InspectorEditor  *self,
                             GError          **error)
{
  g_return_val_if_fail (INSPECTOR_IS_EDITOR (self), NULL);

  return INSPECTOR_EDITOR_GET_CLASS (self)->read_value (self, error);
}

char *
inspector_editor_dup_draft (InspectorEditor *self)
{
  g_return_val_if_fail (INSPECTOR_IS_EDITOR (self), NULL);

  if (INSPECTOR_EDITOR_GET_CLASS (self)->dup_draft == NULL)
    return NULL;
  return INSPECTOR_EDITOR_GET_CLASS (self)->dup_draft (self);
}

void
inspector_editor_show_draft (InspectorEditor *self,
                             const char      *draft)
{
  g_return_if_fail (INSPECTOR_IS_EDITOR (self));

  if (INSPECTOR_EDITOR_GET_CLASS (self)->show_draft != NULL)
    INSPECTOR_EDITOR_GET_CLASS (self)->show_draft (self, draft);
}

InspectorHexView *
inspector_editor_get_hex_view (InspectorEditor *self)
{
  g_return_val_if_fail (INSPECTOR_IS_EDITOR (self), NULL);

  if (INSPECTOR_EDITOR_GET_CLASS (self)->get_hex_view == NULL)
    return NULL;
  return INSPECTOR_EDITOR_GET_CLASS (self)->get_hex_view (self);
}

gboolean
inspector_editor_is_edited (InspectorEditor *self)
{
  InspectorEditorPrivate *priv = inspector_editor_get_instance_private (self);

  return priv->is_edited;
}

void
inspector_editor_touch (InspectorEditor *self)
{
  InspectorEditorPrivate *priv = inspector_editor_get_instance_private (self);

  if (priv->is_showing)
    return;
  priv->is_edited = TRUE;
  g_signal_emit (self, signals[SIGNAL_EDITED], 0);
}

void
inspector_editor_finish (InspectorEditor *self)
{
  g_return_if_fail (INSPECTOR_IS_EDITOR (self));

  g_signal_emit (self, signals[SIGNAL_FINISHED], 0);
}
