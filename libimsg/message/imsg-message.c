/* imsg-message.c - a message on a storage
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-attachment-private.h"
#include "imsg-property-tags.h"
#include "imsg-session-private.h"

/**
 * IMsgMessage:
 *
 * A message on a storage, as MAPI's `IMessage` is.
 *
 * ```c
 * g_autoptr(IMsgSession) session = imsg_session_new ();
 * IMsgMessage *message = imsg_session_open_message (session, file, IMSG_OPEN_MODIFY, NULL, &error);
 *
 * if (message == NULL ||
 *     !imsg_message_set_subject (message, "New words", &error) ||
 *     !imsg_message_save (message, IMSG_SAVE_KEEP_OPEN_READWRITE, NULL, &error))
 *   g_printerr ("%s\n", error->message);
 * g_clear_object (&message);
 * ```
 *
 * Its recipients, attachments and the messages in them live as long as it does: closing it closes
 * them, and so does letting go of a message that is in no session.
 *
 * Since: 1.0
 */

G_DEFINE_FINAL_TYPE (IMsgMessage, imsg_message, IMSG_TYPE_PROPERTY_OBJECT)

enum
{
  PROP_0,
  PROP_SESSION,
  PROP_FILE,
  PROP_PARENT,
  PROP_SUBJECT,
  PROP_MESSAGE_CLASS,
  PROP_SENDER_NAME,
  PROP_SENDER_ADDRESS,
  PROP_SENT_TIME,
  PROP_RECEIVED_TIME,
  PROP_TEMPLATE,
  PROP_CODE_PAGE,
  PROP_RECIPIENTS,
  PROP_ATTACHMENTS,
  PROP_PROBLEMS,
  N_PROPS
};

enum
{
  SIGNAL_CLOSED,
  SIGNAL_SAVED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

void
_imsg_message_text_changed (IMsgMessage *self)
{
  for (guint i = PROP_SUBJECT; i <= PROP_SENDER_ADDRESS; i++)
    g_object_notify_by_pspec (G_OBJECT (self), properties[i]);
  if (self->parent_instance.list != NULL)
    _imsg_property_list_reload (self->parent_instance.list);
}

/* --- about itself --- */

/**
 * imsg_message_get_session:
 * @self: a message
 *
 * Gives the session it was opened in; for an embedded message that of the outermost.
 *
 * Returns: (transfer none) (nullable): the session, or %NULL with none, and once closed
 * Since: 1.0
 */
IMsgSession *
imsg_message_get_session (IMsgMessage *self)
{
  g_return_val_if_fail (IMSG_IS_MESSAGE (self), NULL);

  return _imsg_message_get_root (self)->session;
}

/**
 * imsg_message_get_file:
 * @self: a message
 *
 * Gives the file it is saved to.
 *
 * Returns: (transfer none) (nullable): the file, or %NULL when it is in memory, on a storage of
 *   the caller, or embedded
 * Since: 1.0
 */
GFile *
imsg_message_get_file (IMsgMessage *self)
{
  g_return_val_if_fail (IMSG_IS_MESSAGE (self), NULL);

  return self->file;
}

void
_imsg_message_set_file (IMsgMessage *self,
                        GFile       *file)
{
  if (g_set_object (&self->file, file))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FILE]);
}

/**
 * imsg_message_get_parent:
 * @self: a message
 *
 * Gives the attachment that it is embedded in.
 *
 * Returns: (transfer none) (nullable): the attachment, or %NULL for an outermost message
 * Since: 1.0
 */
IMsgAttachment *
imsg_message_get_parent (IMsgMessage *self)
{
  g_return_val_if_fail (IMSG_IS_MESSAGE (self), NULL);

  return self->parent;
}

/**
 * imsg_message_is_template:
 * @self: a message
 *
 * Tells whether the file is an Outlook template (.oft).
 *
 * Returns: whether the class id of its storage is that of a template
 * Since: 1.0
 */
gboolean
imsg_message_is_template (IMsgMessage *self)
{
  g_return_val_if_fail (IMSG_IS_MESSAGE (self), FALSE);

  return self->is_template;
}

/**
 * imsg_message_set_progress_callback:
 * @self: a message
 * @callback: (nullable) (scope notified) (closure user_data) (destroy destroy): a function, or
 *   %NULL for none
 * @user_data: data for @callback
 * @destroy: frees @user_data
 *
 * Sets a function that is told how far a save has come.
 *
 * It is called on the thread that saves. It is not to be changed while a save runs.
 *
 * Since: 1.0
 */
void
imsg_message_set_progress_callback (IMsgMessage          *self,
                                    IMsgProgressCallback  callback,
                                    gpointer              user_data,
                                    GDestroyNotify        destroy)
{
  g_return_if_fail (IMSG_IS_MESSAGE (self));

  if (self->progress_destroy != NULL)
    self->progress_destroy (self->progress_data);
  self->progress = callback;
  self->progress_data = user_data;
  self->progress_destroy = destroy;
}

gsize
_imsg_message_get_memory_use (IMsgMessage *self)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (self);
  gsize n_bytes = sizeof *self + _imsg_property_object_get_memory_use (object);
  IMsgObjectList *lists[2] = { self->recipients, self->attachments };

  if (self->parent == NULL && object->storage != NULL)
    n_bytes += _imsg_storage_get_memory_use (object->storage);
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    for (guint j = 0; lists[i] != NULL && j < _imsg_object_list_get_length (lists[i]); j++)
      {
        IMsgObjectSlot *slot = _imsg_object_list_get_slot (lists[i], j);

        n_bytes += sizeof *slot;
        if (slot->object == NULL)
          continue;
        n_bytes += _imsg_property_object_get_memory_use (slot->object);
        if (i == 1 && IMSG_ATTACHMENT (slot->object)->embedded != NULL)
          n_bytes += _imsg_message_get_memory_use (IMSG_ATTACHMENT (slot->object)->embedded);
      }
  return n_bytes;
}

/* --- as a property object --- */

static IMsgMessage *
imsg_message_get_message (IMsgPropertyObject *object)
{
  return object->is_closed ? NULL : IMSG_MESSAGE (object);
}

static gboolean
imsg_message_open (IMsgPropertyObject  *object,
                   GError             **error)
{
  return TRUE; /* a message comes with its storage, or has none yet */
}

static char *
imsg_message_dup_path (IMsgPropertyObject *object)
{
  IMsgMessage *self = IMSG_MESSAGE (object);
  g_autofree char *outer = NULL;
  char name[IMSG_SUBSTG_NAME_SIZE];

  if (self->parent == NULL)
    return g_strdup ("");
  outer = _imsg_property_object_dup_path (IMSG_PROPERTY_OBJECT (self->parent));
  _imsg_substg_name (IMSG_TAG_ATTACH_DATA_OBJECT, name);
  return g_strconcat (outer, "/", name, NULL);
}

static void
imsg_message_changed (IMsgPropertyObject *object,
                      guint               id)
{
  IMsgMessage *self = IMSG_MESSAGE (object);
  int property = 0;

  switch (IMSG_TAG (0, id))
    {
    case IMSG_PR_SUBJECT_PREFIX & 0xFFFF0000:
      _imsg_property_list_recompute (object->list);
      property = PROP_SUBJECT;
      break;
    case IMSG_PR_SUBJECT & 0xFFFF0000:
    case IMSG_PR_NORMALIZED_SUBJECT & 0xFFFF0000:
      property = PROP_SUBJECT;
      break;
    case IMSG_PR_MESSAGE_CLASS & 0xFFFF0000:
      property = PROP_MESSAGE_CLASS;
      break;
    case IMSG_PR_SENDER_NAME & 0xFFFF0000:
    case IMSG_PR_SENT_REPRESENTING_NAME & 0xFFFF0000:
      property = PROP_SENDER_NAME;
      break;
    case IMSG_PR_SENDER_SMTP_ADDRESS & 0xFFFF0000:
    case IMSG_PR_SENDER_EMAIL_ADDRESS & 0xFFFF0000:
    case IMSG_PR_SENT_REPRESENTING_SMTP_ADDRESS & 0xFFFF0000:
    case IMSG_PR_SENT_REPRESENTING_EMAIL_ADDRESS & 0xFFFF0000:
      property = PROP_SENDER_ADDRESS;
      break;
    case IMSG_PR_CLIENT_SUBMIT_TIME & 0xFFFF0000:
      property = PROP_SENT_TIME;
      break;
    case IMSG_PR_MESSAGE_DELIVERY_TIME & 0xFFFF0000:
      property = PROP_RECEIVED_TIME;
      break;
    case IMSG_PR_HTML & 0xFFFF0000:
    case IMSG_PR_RTF_COMPRESSED & 0xFFFF0000:
      g_clear_pointer (&self->references, g_hash_table_unref);
      break;
    case IMSG_PR_MESSAGE_CODEPAGE & 0xFFFF0000:
    case IMSG_PR_MESSAGE_LOCALE_ID & 0xFFFF0000:
    case IMSG_PR_INTERNET_CPID & 0xFFFF0000:
      _imsg_message_forget_code_page (self);
      property = PROP_CODE_PAGE;
      break;
    default:
      break;
    }
  if (property != 0)
    g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static gboolean
imsg_message_has_changes (IMsgPropertyObject *object)
{
  IMsgMessage *self = IMSG_MESSAGE (object);
  IMsgObjectList *lists[2] = { self->recipients, self->attachments };

  if (self->structure_changed || (self->is_new && self->parent == NULL))
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    for (guint j = 0; lists[i] != NULL && j < _imsg_object_list_get_length (lists[i]); j++)
      {
        IMsgPropertyObject *child = _imsg_object_list_get_slot (lists[i], j)->object;

        if (child != NULL && imsg_property_object_is_modified (child))
          return TRUE;
      }
  return FALSE;
}

static void
imsg_message_modified_changed (IMsgPropertyObject *object)
{
  IMsgMessage *self = IMSG_MESSAGE (object);

  if (self->parent != NULL)
    _imsg_property_object_update_modified (IMSG_PROPERTY_OBJECT (self->parent));
  else if (self->session != NULL)
    _imsg_session_count_unsaved (self->session, object->was_modified);
}

void
_imsg_message_structure_changed (IMsgMessage *self)
{
  self->structure_changed = TRUE;
  self->structure_dirty = TRUE;
  _imsg_property_list_recompute (IMSG_PROPERTY_OBJECT (self)->list);
  _imsg_property_object_update_modified (IMSG_PROPERTY_OBJECT (self));
}

void
_imsg_message_emit_saved (IMsgMessage *self)
{
  g_signal_emit (self, signals[SIGNAL_SAVED], 0);
}

/* --- closing --- */

/* Newest first, and what is inside before what is around it. Takes the heir, which gets the place of
 * an embedded message; NULL for none. It has that place before anybody is told: whoever hears of the
 * closing may look for the message, save or delete it. */
static void
close_message (IMsgMessage *self,
               IMsgMessage *heir)
{
  g_autoptr(IMsgMessage) taken = heir;
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (self);
  g_autoptr(IMsgStorage) storage = NULL;
  g_autoptr(IMsgSession) session = NULL;
  gboolean was_embedded = self->parent != NULL && self->parent->embedded == self;

  if (object->is_closed || object->is_closing)
    return;
  session = self->session != NULL ? g_object_ref (self->session) : NULL;
  object->is_closing = TRUE;
  g_object_ref (self);
  if (was_embedded)
    {
      self->parent->embedded = g_steal_pointer (&taken);
      g_object_unref (self); /* what the attachment held */
    }
  if (self->attachments != NULL)
    _imsg_object_list_close (self->attachments, object->is_deleted);
  if (self->recipients != NULL)
    _imsg_object_list_close (self->recipients, object->is_deleted);
  _imsg_message_end_removals (self, FALSE);

  storage = object->storage != NULL ? g_object_ref (object->storage) : NULL;
  if (!was_embedded)
    self->parent = NULL;
  _imsg_property_object_close (object);
  if (storage != NULL && self->owns_storage && !self->is_saving)
    imsg_storage_close (storage);
  g_clear_object (&storage);
  g_clear_pointer (&self->names, _imsg_name_map_unref);

  self->session = NULL;
  if (session != NULL)
    _imsg_session_forget (session, self);
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0);
  self->parent = NULL;
  if (session != NULL)
    _imsg_session_finish_closing (session);
  g_object_unref (self);
}

/**
 * imsg_message_close:
 * @self: a message
 *
 * Closes the message, with everything that was opened in it, newest first.
 *
 * What was not saved is discarded; what an embedded message has saved is written with the message
 * around it. A second time is no failure. The storage it was opened on, if
 * the caller gave it, stays open.
 *
 * Since: 1.0
 */
void
imsg_message_close (IMsgMessage *self)
{
  g_autoptr(IMsgAttachment) parent = NULL;

  g_return_if_fail (IMSG_IS_MESSAGE (self));

  if (self->parent != NULL && self->parent->embedded == self)
    parent = g_object_ref (self->parent);
  g_object_ref (self);
  close_message (self, parent != NULL ? _imsg_message_hand_over (self) : NULL);
  if (parent != NULL)
    {
      _imsg_attachment_forget_unsaved (parent);
      _imsg_property_object_update_modified (IMSG_PROPERTY_OBJECT (parent));
    }
  g_object_unref (self);
}

static void
imsg_message_dispose (GObject *object)
{
  close_message (IMSG_MESSAGE (object), NULL);
  G_OBJECT_CLASS (imsg_message_parent_class)->dispose (object);
}

static void
imsg_message_finalize (GObject *object)
{
  IMsgMessage *self = IMSG_MESSAGE (object);

  g_clear_object (&self->file);
  g_clear_object (&self->recipients);
  g_clear_object (&self->attachments);
  g_clear_pointer (&self->limits, g_free);
  g_clear_pointer (&self->names, _imsg_name_map_unref);
  g_clear_pointer (&self->problems, g_ptr_array_unref);
  g_clear_pointer (&self->references, g_hash_table_unref);
  for (guint i = 0; i < G_N_ELEMENTS (self->texts); i++)
    g_free (self->texts[i]);
  if (self->progress_destroy != NULL)
    self->progress_destroy (self->progress_data);
  G_OBJECT_CLASS (imsg_message_parent_class)->finalize (object);
}

static void
imsg_message_get_property (GObject    *object,
                           guint       property_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  IMsgMessage *self = IMSG_MESSAGE (object);

  switch (property_id)
    {
    case PROP_SESSION:
      g_value_set_object (value, imsg_message_get_session (self));
      break;
    case PROP_FILE:
      g_value_set_object (value, self->file);
      break;
    case PROP_PARENT:
      g_value_set_object (value, self->parent);
      break;
    case PROP_SUBJECT:
      g_value_set_string (value, imsg_message_get_subject (self));
      break;
    case PROP_MESSAGE_CLASS:
      g_value_set_string (value, imsg_message_get_message_class (self));
      break;
    case PROP_SENDER_NAME:
      g_value_set_string (value, imsg_message_get_sender_name (self));
      break;
    case PROP_SENDER_ADDRESS:
      g_value_set_string (value, imsg_message_get_sender_address (self));
      break;
    case PROP_SENT_TIME:
      g_value_take_boxed (value, imsg_message_get_sent_time (self));
      break;
    case PROP_RECEIVED_TIME:
      g_value_take_boxed (value, imsg_message_get_received_time (self));
      break;
    case PROP_TEMPLATE:
      g_value_set_boolean (value, self->is_template);
      break;
    case PROP_CODE_PAGE:
      g_value_set_uint (value, imsg_message_get_code_page (self));
      break;
    case PROP_RECIPIENTS:
      g_value_set_object (value, imsg_message_get_recipients (self));
      break;
    case PROP_ATTACHMENTS:
      g_value_set_object (value, imsg_message_get_attachments (self));
      break;
    case PROP_PROBLEMS:
      g_value_take_boxed (value, imsg_message_list_problems (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
imsg_message_class_init (IMsgMessageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  IMsgPropertyObjectClass *property_class = &klass->parent_class;
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = imsg_message_dispose;
  object_class->finalize = imsg_message_finalize;
  object_class->get_property = imsg_message_get_property;
  property_class->get_message = imsg_message_get_message;
  property_class->open = imsg_message_open;
  property_class->dup_path = imsg_message_dup_path;
  property_class->computed_ids = _imsg_message_computed_ids;
  property_class->offered_tags = _imsg_message_offered_tags;
  property_class->computes = _imsg_message_computes;
  property_class->compute = _imsg_message_compute;
  property_class->changed = imsg_message_changed;
  property_class->has_changes = imsg_message_has_changes;
  property_class->modified_changed = imsg_message_modified_changed;

  /**
   * IMsgMessage:session: (getter get_session)
   *
   * The session it was opened in.
   *
   * Since: 1.0
   */
  properties[PROP_SESSION] =
    g_param_spec_object ("session", NULL, NULL, IMSG_TYPE_SESSION, flags);

  /**
   * IMsgMessage:file: (getter get_file)
   *
   * The file it is saved to.
   *
   * Since: 1.0
   */
  properties[PROP_FILE] = g_param_spec_object ("file", NULL, NULL, G_TYPE_FILE, flags);

  /**
   * IMsgMessage:parent: (getter get_parent)
   *
   * The attachment it is embedded in.
   *
   * Since: 1.0
   */
  properties[PROP_PARENT] =
    g_param_spec_object ("parent", NULL, NULL, IMSG_TYPE_ATTACHMENT, flags);

  /**
   * IMsgMessage:subject: (getter get_subject)
   *
   * The subject.
   *
   * Since: 1.0
   */
  properties[PROP_SUBJECT] = g_param_spec_string ("subject", NULL, NULL, NULL, flags);

  /**
   * IMsgMessage:message-class: (getter get_message_class)
   *
   * The message class.
   *
   * Since: 1.0
   */
  properties[PROP_MESSAGE_CLASS] = g_param_spec_string ("message-class", NULL, NULL, NULL, flags);

  /**
   * IMsgMessage:sender-name: (getter get_sender_name)
   *
   * The name of who sent it.
   *
   * Since: 1.0
   */
  properties[PROP_SENDER_NAME] = g_param_spec_string ("sender-name", NULL, NULL, NULL, flags);

  /**
   * IMsgMessage:sender-address: (getter get_sender_address)
   *
   * The address of who sent it.
   *
   * Since: 1.0
   */
  properties[PROP_SENDER_ADDRESS] =
    g_param_spec_string ("sender-address", NULL, NULL, NULL, flags);

  /**
   * IMsgMessage:sent-time: (getter get_sent_time)
   *
   * The time it was sent.
   *
   * Since: 1.0
   */
  properties[PROP_SENT_TIME] =
    g_param_spec_boxed ("sent-time", NULL, NULL, G_TYPE_DATE_TIME, flags);

  /**
   * IMsgMessage:received-time: (getter get_received_time)
   *
   * The time it was received.
   *
   * Since: 1.0
   */
  properties[PROP_RECEIVED_TIME] =
    g_param_spec_boxed ("received-time", NULL, NULL, G_TYPE_DATE_TIME, flags);

  /**
   * IMsgMessage:template: (getter is_template)
   *
   * Whether the file is an Outlook template.
   *
   * Since: 1.0
   */
  properties[PROP_TEMPLATE] = g_param_spec_boolean ("template", NULL, NULL, FALSE, flags);

  /**
   * IMsgMessage:code-page: (getter get_code_page)
   *
   * The code page of its 8-bit text.
   *
   * Since: 1.0
   */
  properties[PROP_CODE_PAGE] =
    g_param_spec_uint ("code-page", NULL, NULL, 0, G_MAXUINT, 0, flags);

  /**
   * IMsgMessage:recipients: (getter get_recipients)
   *
   * The recipients.
   *
   * Since: 1.0
   */
  properties[PROP_RECIPIENTS] =
    g_param_spec_object ("recipients", NULL, NULL, G_TYPE_LIST_MODEL, flags);

  /**
   * IMsgMessage:attachments: (getter get_attachments)
   *
   * The attachments.
   *
   * Since: 1.0
   */
  properties[PROP_ATTACHMENTS] =
    g_param_spec_object ("attachments", NULL, NULL, G_TYPE_LIST_MODEL, flags);

  /**
   * IMsgMessage:problems: (type GLib.PtrArray(IMsg.Problem)) (getter list_problems)
   *
   * What was found to be wrong with it so far; see [method@IMsg.Message.list_problems].
   *
   * Since: 1.0
   */
  properties[PROP_PROBLEMS] =
    g_param_spec_boxed ("problems", NULL, NULL, G_TYPE_PTR_ARRAY, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * IMsgMessage::closed:
   * @self: the message
   *
   * Emitted once, when the message has been closed and has let go of its storage
   * (`MSGCALLRELEASE`).
   *
   * Since: 1.0
   */
  signals[SIGNAL_CLOSED] = g_signal_new ("closed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 0);

  /**
   * IMsgMessage::saved:
   * @self: the message
   *
   * Emitted after the message was saved.
   *
   * Since: 1.0
   */
  signals[SIGNAL_SAVED] = g_signal_new ("saved", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
imsg_message_init (IMsgMessage *self)
{
  IMSG_PROPERTY_OBJECT (self)->header = IMSG_STREAM_MESSAGE;
}
