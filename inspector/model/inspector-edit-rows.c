/* inspector-edit-rows.c - recipients and attachments that come, go and move, as steps
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-edit-private.h"

#include <glib/gi18n.h>

/* A row that is not in its message is kept whole in a message of its own, that nobody sees. */
typedef struct
{
  InspectorHandle    *message;
  InspectorHandle    *row;        /* of nothing while it is away */
  IMsgMessage        *keeper;     /* holds the row while it is away */
  IMsgPropertyObject *kept;
  guint               position;
  IMsgRecipientType   type;
  char               *name;
  char               *address;
  GFile              *file;       /* what a new attachment is made from */
  IMsgMessage        *embedded;   /* or a copy of this message */
  gboolean            is_recipient;
} Row;

/* (transfer full): a message for rows of another one to be kept in, in whose text each of their bytes
 * has a place */
static IMsgMessage *
create_keeper (IMsgMessage  *message,
               GError      **error)
{
  static IMsgSession *sessions[2] = { NULL, NULL };
  gboolean is_unicode = imsg_property_object_is_unicode (IMSG_PROPERTY_OBJECT (message));
  IMsgSession **session = &sessions[is_unicode ? 1 : 0];
  IMsgMessage *keeper = NULL;

  if (*session == NULL)
    *session = imsg_session_open (is_unicode ? IMSG_SESSION_UNICODE : IMSG_SESSION_NONE, error);
  if (*session != NULL)
    keeper = imsg_session_create_message (*session, "IPM.Note", error);
  if (keeper != NULL && !is_unicode)
    imsg_message_set_code_page (keeper, imsg_message_get_code_page (message), NULL);
  return keeper;
}

/* Whether the object has nothing by the id of another one, where its name may have another id. An
 * id without a name means nothing elsewhere. */
static gboolean
is_missing (IMsgPropertyObject *object,
            IMsgPropertyObject *other,
            guint               id)
{
  g_autoptr(IMsgPropertyName) name = NULL;

  if (id >= 0x8000)
    {
      name = imsg_property_object_lookup_name (other, id);
      if (name == NULL)
        return FALSE;
      id = imsg_property_object_resolve_property_name (object, name, FALSE, NULL);
    }
  return id == 0 || imsg_property_object_find_tag (object, imsg_property_tag (0, id)) == 0;
}

static void
delete_whatever (IMsgPropertyObject *object,
                 guint32             tag)
{
  g_autoptr(GError) error = NULL;

  if (imsg_property_object_delete_value (object, tag, &error) ||
      !g_error_matches (error, IMSG_ERROR, IMSG_ERROR_NO_ACCESS))
    return;
  imsg_property_object_set_attributes (object, tag, IMSG_PROPERTY_ATTRIBUTES_READABLE |
                                                      IMSG_PROPERTY_ATTRIBUTES_WRITEABLE, NULL);
  imsg_property_object_delete_value (object, tag, NULL);
}

/* What only the destination has goes; what is computed there stays, as it should */
static gboolean
copy_exactly (IMsgPropertyObject  *from,
              IMsgPropertyObject  *to,
              GError             **error)
{
  gsize n_tags = 0;
  g_autofree guint32 *tags = imsg_property_object_list_tags (to, &n_tags);

  for (gsize i = 0; i < n_tags; i++)
    {
      if (is_missing (from, to, imsg_property_tag_get_id (tags[i])))
        delete_whatever (to, tags[i]);
    }
  return imsg_property_object_copy_to (from, to, NULL, 0, IMSG_COPY_NONE, NULL, NULL, error);
}

static void
drop_kept (Row *row)
{
  g_clear_object (&row->kept);
  if (row->keeper != NULL)
    imsg_message_close (row->keeper);
  g_clear_object (&row->keeper);
}

static void
row_free (gpointer data)
{
  Row *row = data;

  drop_kept (row);
  g_clear_pointer (&row->message, _inspector_handle_unref);
  g_clear_pointer (&row->row, _inspector_handle_unref);
  g_clear_object (&row->file);
  g_clear_object (&row->embedded);
  g_free (row->name);
  g_free (row->address);
  g_free (row);
}

static IMsgMessage *
row_get_message (Row *row)
{
  return IMSG_MESSAGE (_inspector_handle_get_object (row->message));
}

static guint
find_position (GListModel *list,
               gpointer    object)
{
  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr(GObject) item = g_list_model_get_item (list, i);

      if ((gpointer) item == object)
        return i;
    }
  return G_MAXUINT;
}

/* (transfer full): a new row of the message, to be filled */
static IMsgPropertyObject *
create_row (Row          *row,
            IMsgMessage  *message,
            GError      **error)
{
  gpointer object = NULL;

  if (row->is_recipient)
    object = imsg_message_create_recipient (message, error);
  else
    object = imsg_message_create_attachment (message, error);
  return object;
}

static gboolean
delete_row (Row                 *row,
            IMsgMessage         *message,
            IMsgPropertyObject  *object,
            GError             **error)
{
  if (row->is_recipient)
    return imsg_message_remove_recipient (message,
                                          imsg_recipient_get_row_id (IMSG_RECIPIENT (object)),
                                          error);
  return imsg_message_delete_attachment (message,
                                         imsg_attachment_get_number (IMSG_ATTACHMENT (object)),
                                         error);
}

static gboolean
fill_new_row (Row                 *row,
              IMsgPropertyObject  *object,
              GError             **error)
{
  if (row->kept != NULL)
    return copy_exactly (row->kept, object, error);
  if (row->file != NULL)
    return imsg_attachment_set_file (IMSG_ATTACHMENT (object), row->file, NULL, error);
  if (row->embedded != NULL)
    return imsg_attachment_set_message (IMSG_ATTACHMENT (object), row->embedded, NULL, error);
  return TRUE;
}

static gboolean
row_insert (gpointer   data,
            GError   **error)
{
  Row *row = data;
  IMsgMessage *message = row_get_message (row);
  g_autoptr(IMsgPropertyObject) object = NULL;

  if (row->is_recipient && row->kept == NULL)
    object = (gpointer) imsg_message_add_recipient (message, row->type, row->name, row->address,
                                                    error);
  else
    object = create_row (row, message, error);
  if (object == NULL)
    return FALSE;
  if (!fill_new_row (row, object, error))
    {
      delete_row (row, message, object, NULL);
      return FALSE;
    }

  if (row->is_recipient && row->kept != NULL)
    imsg_message_move_recipient (message, imsg_recipient_get_row_id (IMSG_RECIPIENT (object)),
                                 row->position, NULL);
  _inspector_handle_set_object (row->row, object);
  drop_kept (row);
  return TRUE;
}

static gboolean
keep_row (Row                 *row,
          IMsgPropertyObject  *object,
          GError             **error)
{
  drop_kept (row);
  row->keeper = create_keeper (row_get_message (row), error);
  if (row->keeper == NULL)
    return FALSE;

  row->kept = create_row (row, row->keeper, error);
  return row->kept != NULL && copy_exactly (object, row->kept, error);
}

static gboolean
row_remove (gpointer   data,
            GError   **error)
{
  Row *row = data;
  IMsgMessage *message = row_get_message (row);
  g_autoptr(IMsgPropertyObject) object = NULL;
  GListModel *list = row->is_recipient ? imsg_message_get_recipients (message)
                                       : imsg_message_get_attachments (message);

  g_set_object (&object, _inspector_handle_get_object (row->row));
  row->position = find_position (list, object);
  if (!keep_row (row, object, error) || !delete_row (row, message, object, error))
    {
      drop_kept (row);
      return FALSE;
    }
  _inspector_handle_set_object (row->row, NULL);
  return TRUE;
}

static const InspectorStepKind insert_kind = { row_insert, row_remove, NULL, row_free };
static const InspectorStepKind remove_kind = { row_remove, row_insert, NULL, row_free };

/* present: the row where it is there already, else NULL */
static Row *
row_new (IMsgMessage        *message,
         IMsgPropertyObject *present,
         gboolean            is_recipient)
{
  Row *row = g_new0 (Row, 1);

  row->message = _inspector_handle_get (IMSG_PROPERTY_OBJECT (message));
  row->row = present != NULL ? _inspector_handle_get (present)
                             : _inspector_handle_new_row (row->message, is_recipient);
  _inspector_handle_set_place (row->row, row->message, is_recipient);
  row->is_recipient = is_recipient;
  row->type = IMSG_RECIPIENT_TYPE_TO;
  return row;
}

gboolean
inspector_edit_add_recipient (InspectorHistory   *history,
                              IMsgMessage        *message,
                              IMsgRecipientType   type,
                              const char         *name,
                              const char         *address,
                              GError            **error)
{
  g_autofree char *label = NULL;
  Row *row = row_new (message, NULL, TRUE);

  label = g_strdup_printf (_("Add the recipient “%s”"), name != NULL && *name != '\0' ? name
                                                                                     : address);
  row->type = type;
  row->name = g_strdup (name);
  row->address = address != NULL && *address != '\0' ? g_strdup (address) : NULL;
  return inspector_history_do (history, label, &insert_kind, row, row->row, 0, NULL,
                               sizeof *row, error);
}

gboolean
inspector_edit_remove_recipient (InspectorHistory  *history,
                                 IMsgRecipient     *recipient,
                                 GError           **error)
{
  g_autofree char *label = NULL;
  const char *name = imsg_recipient_get_name (recipient);
  Row *row = row_new (imsg_recipient_get_message (recipient), IMSG_PROPERTY_OBJECT (recipient),
                      TRUE);

  label = g_strdup_printf (_("Remove the recipient “%s”"), name != NULL ? name : "");
  return inspector_history_do (history, label, &remove_kind, row, row->row, 0, NULL,
                               sizeof *row, error);
}

gboolean
inspector_edit_add_attachment (InspectorHistory  *history,
                               IMsgMessage       *message,
                               GFile             *file,
                               GError           **error)
{
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *shown = g_filename_display_name (name);
  g_autofree char *label = g_strdup_printf (_("Attach “%s”"), shown);
  Row *row = row_new (message, NULL, FALSE);

  row->file = g_object_ref (file);
  return inspector_history_do (history, label, &insert_kind, row, row->row, 0, NULL,
                               sizeof *row, error);
}

gboolean
inspector_edit_embed_message (InspectorHistory  *history,
                              IMsgMessage       *message,
                              IMsgMessage       *embedded,
                              GError           **error)
{
  const char *subject = imsg_message_get_subject (embedded);
  g_autoptr(IMsgMessage) copy = imsg_message_dup_snapshot (embedded, NULL, error);
  g_autofree char *label = NULL;
  Row *row = NULL;

  /* Done again, it embeds the same; and a message may hold what it was itself */
  if (copy == NULL)
    return FALSE;
  row = row_new (message, NULL, FALSE);
  label = g_strdup_printf (_("Embed “%s”"), subject != NULL ? subject : _("Untitled"));
  row->embedded = g_steal_pointer (&copy);
  return inspector_history_do (history, label, &insert_kind, row, row->row, 0, NULL,
                               sizeof *row, error);
}

gboolean
inspector_edit_remove_attachment (InspectorHistory  *history,
                                  IMsgAttachment    *attachment,
                                  GError           **error)
{
  g_autofree char *label = NULL;
  Row *row = row_new (imsg_attachment_get_message (attachment), IMSG_PROPERTY_OBJECT (attachment),
                      FALSE);

  label = g_strdup_printf (_("Remove the attachment “%s”"),
                           imsg_attachment_get_file_name (attachment));
  return inspector_history_do (history, label, &remove_kind, row, row->row, 0, NULL,
                               sizeof *row, error);
}

/* --- an attachment's data, and a recipient's place --- */

typedef struct
{
  InspectorHandle    *handle;
  IMsgMessage        *keeper;   /* the attachment as it was */
  IMsgPropertyObject *kept;
  GFile              *file;
  int                 n_rows;
} Other;

static void
other_free (gpointer data)
{
  Other *other = data;

  _inspector_handle_unref (other->handle);
  g_clear_object (&other->kept);
  if (other->keeper != NULL)
    imsg_message_close (other->keeper);
  g_clear_object (&other->keeper);
  g_clear_object (&other->file);
  g_free (other);
}

static gboolean
replace_apply (gpointer   data,
               GError   **error)
{
  Other *other = data;
  IMsgPropertyObject *object = _inspector_handle_get_object (other->handle);

  if (other->kept == NULL)
    {
      other->keeper = create_keeper (imsg_attachment_get_message (IMSG_ATTACHMENT (object)), error);
      if (other->keeper == NULL)
        return FALSE;
      other->kept = IMSG_PROPERTY_OBJECT (imsg_message_create_attachment (other->keeper, error));
      if (other->kept == NULL || !copy_exactly (object, other->kept, error))
        return FALSE;
    }
  return imsg_attachment_set_file (IMSG_ATTACHMENT (object), other->file, NULL, error);
}

static gboolean
replace_revert (gpointer   data,
                GError   **error)
{
  Other *other = data;

  return copy_exactly (other->kept, _inspector_handle_get_object (other->handle), error);
}

static const InspectorStepKind replace_kind = { replace_apply, replace_revert, NULL, other_free };

gboolean
inspector_edit_replace_attachment (InspectorHistory  *history,
                                   IMsgAttachment    *attachment,
                                   GFile             *file,
                                   GError           **error)
{
  g_autofree char *label = NULL;
  Other *other = g_new0 (Other, 1);

  label = g_strdup_printf (_("Replace the attachment “%s”"),
                           imsg_attachment_get_file_name (attachment));
  other->handle = _inspector_handle_get (IMSG_PROPERTY_OBJECT (attachment));
  other->file = g_object_ref (file);
  return inspector_history_do (history, label, &replace_kind, other, other->handle, 0, NULL,
                               sizeof *other, error);
}

static gboolean
move_row (Other   *other,
          int      n_rows,
          GError **error)
{
  IMsgRecipient *recipient = IMSG_RECIPIENT (_inspector_handle_get_object (other->handle));
  IMsgMessage *message = imsg_recipient_get_message (recipient);
  GListModel *list = imsg_message_get_recipients (message);
  guint position = find_position (list, recipient);
  guint n_items = g_list_model_get_n_items (list);

  if (position >= n_items || (n_rows < 0 && position < (guint) -n_rows) ||
      (n_rows > 0 && position + n_rows >= n_items))
    {
      g_set_error_literal (error, IMSG_ERROR, IMSG_ERROR_INVALID_PARAMETER,
                           _("The recipient is at the end of the list already."));
      return FALSE;
    }
  return imsg_message_move_recipient (message, imsg_recipient_get_row_id (recipient),
                                      position + n_rows, error);
}

static gboolean
move_apply (gpointer   data,
            GError   **error)
{
  Other *other = data;

  return move_row (other, other->n_rows, error);
}

static gboolean
move_revert (gpointer   data,
             GError   **error)
{
  Other *other = data;

  return move_row (other, -other->n_rows, error);
}

static const InspectorStepKind move_kind = { move_apply, move_revert, NULL, other_free };

gboolean
inspector_edit_move_recipient (InspectorHistory  *history,
                               IMsgRecipient     *recipient,
                               int                n_rows,
                               GError           **error)
{
  const char *name = imsg_recipient_get_name (recipient);
  g_autofree char *label = NULL;
  Other *other = g_new0 (Other, 1);

  label = g_strdup_printf (_("Move the recipient “%s”"), name != NULL ? name : "");
  other->handle = _inspector_handle_get (IMSG_PROPERTY_OBJECT (recipient));
  other->n_rows = n_rows;
  return inspector_history_do (history, label, &move_kind, other, other->handle, 0, NULL,
                               sizeof *other, error);
}
