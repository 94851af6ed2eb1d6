/* inspector-edit-handle.c - objects that may go and come back while steps refer to them
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-edit-private.h"

struct _InspectorHandle
{
  grefcount           ref_count;
  IMsgPropertyObject *object;        /* NULL while it is away */
  InspectorHandle    *message;       /* of a row: what it is in, or was; NULL when not known */
  gboolean            is_recipient;
};

static GQuark
handle_quark (void)
{
  return g_quark_from_static_string ("inspector-handle");
}

InspectorHandle *
_inspector_handle_ref (InspectorHandle *handle)
{
  g_ref_count_inc (&handle->ref_count);
  return handle;
}

void
_inspector_handle_unref (InspectorHandle *handle)
{
  if (!g_ref_count_dec (&handle->ref_count))
    return;

  if (handle->object != NULL)
    g_object_set_qdata (G_OBJECT (handle->object), handle_quark (), NULL);
  g_clear_object (&handle->object);
  g_clear_pointer (&handle->message, _inspector_handle_unref);
  g_free (handle);
}

/* (transfer full): the handle of an object, the same for as long as somebody holds it */
InspectorHandle *
_inspector_handle_get (IMsgPropertyObject *object)
{
  InspectorHandle *handle = g_object_get_qdata (G_OBJECT (object), handle_quark ());

  if (handle != NULL)
    return _inspector_handle_ref (handle);

  handle = g_new0 (InspectorHandle, 1);
  g_ref_count_init (&handle->ref_count);
  handle->object = g_object_ref (object);
  g_object_set_qdata (G_OBJECT (object), handle_quark (), handle);
  return handle;
}

void
_inspector_handle_set_place (InspectorHandle *handle,
                             InspectorHandle *message,
                             gboolean         is_recipient)
{
  if (handle->message == NULL)
    handle->message = _inspector_handle_ref (message);
  handle->is_recipient = is_recipient;
}

InspectorHandle *
_inspector_handle_new_row (InspectorHandle *message,
                           gboolean         is_recipient)
{
  InspectorHandle *handle = g_new0 (InspectorHandle, 1);

  g_ref_count_init (&handle->ref_count);
  _inspector_handle_set_place (handle, message, is_recipient);
  return handle;
}

InspectorHandle *
_inspector_handle_get_place (InspectorHandle *handle,
                             gboolean        *is_recipient)
{
  *is_recipient = handle->is_recipient;
  return handle->message;
}

IMsgPropertyObject *
_inspector_handle_get_object (InspectorHandle *handle)
{
  return handle->object;
}

void
_inspector_handle_set_object (InspectorHandle    *handle,
                              IMsgPropertyObject *object)
{
  if (handle->object != NULL)
    g_object_set_qdata (G_OBJECT (handle->object), handle_quark (), NULL);
  g_set_object (&handle->object, object);
  if (object != NULL)
    g_object_set_qdata (G_OBJECT (object), handle_quark (), handle);
}
