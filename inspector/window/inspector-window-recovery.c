/* inspector-window-recovery.c - offers what a crash left behind
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-window-private.h"

#include "inspector-work.h"

#include <glib/gi18n.h>

typedef struct
{
  InspectorWindow *window;
  GPtrArray       *recovered;
  guint            position;
  guint            n_failed;
} Restoring;

static void
restoring_free (Restoring *restoring)
{
  g_object_unref (restoring->window);
  g_ptr_array_unref (restoring->recovered);
  g_free (restoring);
}

static void restore_next (Restoring *restoring);

/* A message with no file that counts as changed: its class is said again, which changes nothing.
 * Where that may not be written, it is a new message with the content of the bytes. */
IMsgMessage *
_inspector_window_open_unsaved (InspectorWindow  *self,
                                GBytes           *bytes,
                                GError          **error)
{
  IMsgSession *session = inspector_view_get_session (self->view);
  g_autoptr(IMsgMessage) message = NULL;
  const char *message_class = NULL;

  message = imsg_session_open_message_from_bytes (session, bytes, IMSG_OPEN_MODIFY, NULL, error);
  if (message == NULL)
    return NULL;
  message_class = imsg_message_get_message_class (message);
  if (message_class != NULL &&
      imsg_property_object_set_string (IMSG_PROPERTY_OBJECT (message), IMSG_PR_MESSAGE_CLASS,
                                       message_class, NULL) &&
      imsg_property_object_is_modified (IMSG_PROPERTY_OBJECT (message)))
    return g_steal_pointer (&message);
  imsg_message_close (message);
  return imsg_session_open_message_from_bytes (session, bytes, IMSG_OPEN_AS_TEMPLATE, NULL, error);
}

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Restoring *restoring = user_data;
  InspectorWindow *self = restoring->window;
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message = NULL;
  g_autoptr(GBytes) bytes = g_file_load_bytes_finish (G_FILE (source), result, NULL, &error);

  if (bytes != NULL)
    message = _inspector_window_open_unsaved (self, bytes, &error);
  if (message != NULL)
    {
      inspector_recovery_take (self->recovery, message,
                               g_ptr_array_index (restoring->recovered, restoring->position));
      if (inspector_view_get_node (self->view) == NULL)
        inspector_tree_reveal (self->tree, INSPECTOR_NODE_MESSAGE, IMSG_PROPERTY_OBJECT (message));
    }
  else
    inspector_view_report (self->view, _("A message could not be restored."), error);
  restoring->position++;
  restore_next (restoring);
}

static void
restore_next (Restoring *restoring)
{
  const InspectorRecovered *recovered = NULL;
  g_autoptr(GFile) file = NULL;

  if (restoring->position == restoring->recovered->len)
    {
      restoring_free (restoring);
      return;
    }
  recovered = g_ptr_array_index (restoring->recovered, restoring->position);
  file = g_file_new_for_path (recovered->path);
  g_file_load_bytes_async (file, NULL, loaded_cb, restoring);
}

void
_inspector_window_restore (InspectorWindow *self)
{
  Restoring *restoring = NULL;

  if (self->recovered == NULL)
    return;
  restoring = g_new0 (Restoring, 1);
  restoring->window = g_object_ref (self);
  restoring->recovered = g_steal_pointer (&self->recovered);
  restore_next (restoring);
}

void
_inspector_window_forget_recovered (InspectorWindow *self)
{
  if (self->recovered != NULL)
    inspector_recovery_forget (self->recovered);
  g_clear_pointer (&self->recovered, g_ptr_array_unref);
}

/* Until it is answered, whenever the strip has nothing else to tell */
void
_inspector_window_offer_recovered (InspectorWindow *self)
{
  g_autofree char *text = NULL;

  if (self->recovered == NULL || _inspector_window_is_strip_taken (self))
    return;
  text = g_strdup_printf (ngettext ("The application ended before %u message was saved. "
                                    "Its changes were kept.",
                                    "The application ended before %u messages were saved. "
                                    "Their changes were kept.", self->recovered->len),
                          self->recovered->len);
  _inspector_window_show_strip (self, text, NULL, _("_Restore"), INSPECTOR_STRIP_RESTORE,
                                _("_Discard"), INSPECTOR_STRIP_FORGET);
}

static void
found_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(InspectorWindow) self = user_data;
  g_autoptr(GPtrArray) found = inspector_recovery_find_finish (result, NULL);

  if (found == NULL || found->len == 0 || inspector_view_get_session (self->view) == NULL)
    return;
  self->recovered = g_steal_pointer (&found);
  _inspector_window_hide_strip (self);
  _inspector_window_offer_recovered (self);
}

void
inspector_window_offer_recovery (InspectorWindow *self)
{
  inspector_recovery_find_async (NULL, found_cb, g_object_ref (self));
}
