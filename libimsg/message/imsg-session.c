/* imsg-session.c - a message session: knows every message opened in it, and closes them all
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-code-page-private.h"
#include "imsg-enum-types.h"
#include "imsg-message-private.h"
#include "imsg-session-private.h"

#include <glib/gi18n-lib.h>

/**
 * IMsgSession:
 *
 * A message session, as MAPI's `OpenIMsgSession` opens one.
 *
 * It holds every message that is opened in it, and through them all that is opened in those;
 * closing the session closes them all.
 *
 * ```c
 * g_autoptr(IMsgSession) session = imsg_session_new ();
 * g_autoptr(IMsgMessage) message =
 *   imsg_session_open_message (session, file, IMSG_OPEN_READ_ONLY, NULL, &error);
 *
 * if (message != NULL)
 *   g_print ("%s\n", imsg_message_get_subject (message));
 * imsg_session_close (session);
 * ```
 *
 * A session and what is in it is used by one thread at a time; different sessions can run in
 * parallel.
 *
 * Since: 1.0
 */

/**
 * IMsgSessionFlags:
 * @IMSG_SESSION_NONE: new messages keep text in 8-bit characters
 * @IMSG_SESSION_UNICODE: new messages keep text as Unicode (`MAPI_UNICODE`)
 *
 * How to open a session.
 *
 * Since: 1.0
 */

struct _IMsgSession
{
  GObject     parent_instance;

  GPtrArray  *messages; /* (element-type IMsgMessage), in order of opening */
  IMsgLimits  limits;
  GListModel *model;    /* the list that shows messages */
  guint       default_code_page;
  guint       n_unsaved;   /* of messages, those that were modified when last asked */
  guint       is_unicode : 1;
  guint       is_closed : 1;
  guint       has_told : 1; /* that it is closed, and all its messages are */
  guint       had_unsaved : 1; /* what was last notified */
};

G_DEFINE_FINAL_TYPE (IMsgSession, imsg_session, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_CLOSED,
  PROP_UNICODE,
  PROP_HAS_UNSAVED_CHANGES,
  PROP_MESSAGES,
  PROP_DEFAULT_CODE_PAGE,
  N_PROPS
};

enum
{
  SIGNAL_MESSAGE_OPENED,
  SIGNAL_MESSAGE_CLOSED,
  SIGNAL_CLOSED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

/* --- the list of messages --- */

#define IMSG_TYPE_SESSION_MESSAGES (imsg_session_messages_get_type ())
G_DECLARE_FINAL_TYPE (IMsgSessionMessages, imsg_session_messages, IMSG, SESSION_MESSAGES, GObject)

struct _IMsgSessionMessages
{
  GObject    parent_instance;

  GPtrArray *messages; /* of the session */
};

static void imsg_session_messages_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (IMsgSessionMessages, imsg_session_messages, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      imsg_session_messages_model_init))

static GType
imsg_session_messages_get_item_type (GListModel *model)
{
  return IMSG_TYPE_MESSAGE;
}

static guint
imsg_session_messages_get_n_items (GListModel *model)
{
  return IMSG_SESSION_MESSAGES (model)->messages->len;
}

static gpointer
imsg_session_messages_get_item (GListModel *model,
                                guint       position)
{
  GPtrArray *messages = IMSG_SESSION_MESSAGES (model)->messages;

  return position < messages->len ? g_object_ref (messages->pdata[position]) : NULL;
}

static void
imsg_session_messages_model_init (GListModelInterface *iface)
{
  iface->get_item_type = imsg_session_messages_get_item_type;
  iface->get_n_items = imsg_session_messages_get_n_items;
  iface->get_item = imsg_session_messages_get_item;
}

static void
imsg_session_messages_finalize (GObject *object)
{
  g_ptr_array_unref (IMSG_SESSION_MESSAGES (object)->messages);
  G_OBJECT_CLASS (imsg_session_messages_parent_class)->finalize (object);
}

static void
imsg_session_messages_get_property (GObject    *object,
                                    guint       property_id,
                                    GValue     *value,
                                    GParamSpec *pspec)
{
  g_value_set_uint (value, IMSG_SESSION_MESSAGES (object)->messages->len);
}

static void
imsg_session_messages_class_init (IMsgSessionMessagesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = imsg_session_messages_finalize;
  object_class->get_property = imsg_session_messages_get_property;
  g_object_class_install_property (
    object_class, 1,
    g_param_spec_uint ("n-items", NULL, NULL, 0, G_MAXUINT, 0,
                       G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
}

static void
imsg_session_messages_init (IMsgSessionMessages *self)
{
}

static void
messages_changed (IMsgSession *self,
                  guint        position,
                  guint        n_removed,
                  guint        n_added)
{
  g_list_model_items_changed (self->model, position, n_removed, n_added);
  g_object_notify (G_OBJECT (self->model), "n-items");
}

static void
update_unsaved (IMsgSession *self)
{
  gboolean unsaved = imsg_session_has_unsaved_changes (self);

  if (self->had_unsaved == (guint) unsaved)
    return;
  self->had_unsaved = unsaved;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAS_UNSAVED_CHANGES]);
}

/* --- what messages tell --- */

gboolean
_imsg_session_adopt (IMsgSession  *self,
                     IMsgMessage  *message,
                     GError      **error)
{
  if (self->is_closed)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_CLOSED, _("The session was closed"));
      return FALSE;
    }
  message->session = self;
  g_ptr_array_add (self->messages, g_object_ref (message));
  self->n_unsaved += IMSG_PROPERTY_OBJECT (message)->was_modified;
  messages_changed (self, self->messages->len - 1, 0, 1);
  g_signal_emit (self, signals[SIGNAL_MESSAGE_OPENED], 0, message);
  update_unsaved (self);
  return TRUE;
}

void
_imsg_session_forget (IMsgSession *self,
                      IMsgMessage *message)
{
  g_object_ref (self);
  /* Most often it is the newest */
  for (guint i = self->messages->len; i > 0; i--)
    if (self->messages->pdata[i - 1] == message)
      {
        g_ptr_array_steal_index (self->messages, i - 1);
        self->n_unsaved -= IMSG_PROPERTY_OBJECT (message)->was_modified;
        messages_changed (self, i - 1, 1, 0);
        g_signal_emit (self, signals[SIGNAL_MESSAGE_CLOSED], 0, message);
        g_object_unref (message);
        break;
      }
  update_unsaved (self);
  g_object_unref (self);
}

/* Tells that the session is closed, when its last message is. */
void
_imsg_session_finish_closing (IMsgSession *self)
{
  if (!self->is_closed || self->has_told || self->messages->len > 0)
    return;
  self->has_told = TRUE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CLOSED]);
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0);
}

/* One message more or less: looking at all of them at each edit and close would be quadratic. */
void
_imsg_session_count_unsaved (IMsgSession *self,
                             gboolean     is_modified)
{
  if (is_modified)
    self->n_unsaved++;
  else
    self->n_unsaved--;
  update_unsaved (self);
}

const IMsgLimits *
_imsg_session_get_limits (IMsgSession *self)
{
  return &self->limits;
}

/* --- public --- */

/**
 * imsg_session_new:
 *
 * Opens a session whose new messages keep text as Unicode.
 *
 * Source: `OpenIMsgSession`.
 *
 * Returns: (transfer full): a session
 * Since: 1.0
 */
IMsgSession *
imsg_session_new (void)
{
  return imsg_session_open (IMSG_SESSION_UNICODE, NULL);
}

/**
 * imsg_session_open: (constructor)
 * @flags: how to open it
 * @error: return location for an error
 *
 * Opens a session.
 *
 * Fails with %IMSG_ERROR_INVALID_FLAGS for any flag but %IMSG_SESSION_UNICODE.
 * Source: `OpenIMsgSession`.
 *
 * Returns: (transfer full): a session
 * Since: 1.0
 */
IMsgSession *
imsg_session_open (IMsgSessionFlags   flags,
                   GError           **error)
{
  IMsgSession *self;

  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (((guint) flags & ~(guint) IMSG_SESSION_UNICODE) != 0)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_FLAGS,
                   _("0x%08X are no flags of a session"),
                   (guint) flags & ~(guint) IMSG_SESSION_UNICODE);
      return NULL;
    }
  self = g_object_new (IMSG_TYPE_SESSION, NULL);
  self->is_unicode = ((guint) flags & (guint) IMSG_SESSION_UNICODE) != 0;
  return self;
}

/**
 * imsg_session_get_messages:
 * @self: a session
 *
 * Gets the list of the messages that are open, in the order of opening.
 *
 * Embedded messages are not in it: they belong to those they are in.
 *
 * Returns: (transfer none): a list of [class@IMsg.Message]
 * Since: 1.0
 */
GListModel *
imsg_session_get_messages (IMsgSession *self)
{
  g_return_val_if_fail (IMSG_IS_SESSION (self), NULL);

  return self->model;
}

/**
 * imsg_session_is_unicode:
 * @self: a session
 *
 * Tells whether new messages keep text as Unicode.
 *
 * Messages that exist are kept as they are.
 *
 * Returns: whether they do
 * Since: 1.0
 */
gboolean
imsg_session_is_unicode (IMsgSession *self)
{
  g_return_val_if_fail (IMSG_IS_SESSION (self), FALSE);

  return self->is_unicode;
}

/**
 * imsg_session_is_closed:
 * @self: a session
 *
 * Tells whether it was closed: every call on it then fails with %IMSG_ERROR_CLOSED.
 *
 * Returns: whether it is closed
 * Since: 1.0
 */
gboolean
imsg_session_is_closed (IMsgSession *self)
{
  g_return_val_if_fail (IMSG_IS_SESSION (self), TRUE);

  return self->is_closed;
}

/**
 * imsg_session_has_unsaved_changes:
 * @self: a session
 *
 * Tells whether closing it would discard something.
 *
 * Returns: whether a message in it is modified
 * Since: 1.0
 */
gboolean
imsg_session_has_unsaved_changes (IMsgSession *self)
{
  g_return_val_if_fail (IMSG_IS_SESSION (self), FALSE);

  return self->n_unsaved > 0;
}

/**
 * imsg_session_get_memory_use:
 * @self: a session
 *
 * Tells how much memory the open messages take, about.
 *
 * Returns: bytes
 * Since: 1.0
 */
guint64
imsg_session_get_memory_use (IMsgSession *self)
{
  guint64 n_bytes = 0;

  g_return_val_if_fail (IMSG_IS_SESSION (self), 0);

  for (guint i = 0; i < self->messages->len; i++)
    n_bytes += _imsg_message_get_memory_use (self->messages->pdata[i]);
  return n_bytes;
}

/**
 * imsg_session_get_n_open_files:
 * @self: a session
 *
 * Tells how many file descriptors are held for messages in this process.
 *
 * Small files are held in memory; of the larger ones so many stay open as the budget allows, and
 * the others are opened again when they are read.
 *
 * Returns: descriptors
 * Since: 1.0
 */
guint
imsg_session_get_n_open_files (IMsgSession *self)
{
  g_return_val_if_fail (IMSG_IS_SESSION (self), 0);

  return _imsg_source_get_n_open ();
}

/**
 * imsg_session_get_limit:
 * @self: a session
 * @limit: which bound
 *
 * Gives a bound that messages opened in it are held to.
 *
 * Returns: a count, or bytes where the name says so
 * Since: 1.0
 */
guint64
imsg_session_get_limit (IMsgSession *self,
                        IMsgLimit    limit)
{
  g_return_val_if_fail (IMSG_IS_SESSION (self), 0);
  g_return_val_if_fail ((guint) limit < IMSG_N_LIMITS, 0);

  return self->limits.values[limit];
}

/**
 * imsg_session_set_limit:
 * @self: a session
 * @limit: which bound
 * @value: a count, or bytes where the name says so
 *
 * Sets a bound for messages that are opened from now on.
 *
 * Messages are never read more than a thousand deep, whatever %IMSG_LIMIT_NESTING says.
 *
 * Since: 1.0
 */
void
imsg_session_set_limit (IMsgSession *self,
                        IMsgLimit    limit,
                        guint64      value)
{
  g_return_if_fail (IMSG_IS_SESSION (self));
  g_return_if_fail ((guint) limit < IMSG_N_LIMITS);

  self->limits.values[limit] = limit == IMSG_LIMIT_NESTING ? MIN (value, IMSG_NESTING_MAX) : value;
}

/**
 * imsg_session_get_default_code_page:
 * @self: a session
 *
 * Gives the code page for 8-bit text of messages that say nothing of theirs.
 *
 * Returns: a Windows code page
 * Since: 1.0
 */
guint
imsg_session_get_default_code_page (IMsgSession *self)
{
  g_return_val_if_fail (IMSG_IS_SESSION (self), IMSG_CODE_PAGE_WINDOWS_1252);

  return self->default_code_page;
}

/**
 * imsg_session_set_default_code_page:
 * @self: a session
 * @code_page: a Windows code page that is known
 *
 * Sets the code page for 8-bit text of messages that say nothing of theirs, and are opened from
 * now on.
 *
 * Since: 1.0
 */
void
imsg_session_set_default_code_page (IMsgSession *self,
                                    guint        code_page)
{
  g_return_if_fail (IMSG_IS_SESSION (self));
  g_return_if_fail (_imsg_code_page_is_known (code_page));

  if (self->default_code_page == code_page)
    return;
  self->default_code_page = code_page;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DEFAULT_CODE_PAGE]);
}

/**
 * imsg_session_close:
 * @self: a session
 *
 * Closes every message opened in it, newest first, and then itself (`CloseIMsgSession`).
 *
 * Changes that were not saved are discarded. Objects that are still referenced stay valid, and
 * every call on them fails with %IMSG_ERROR_CLOSED. A second time is no failure.
 *
 * Since: 1.0
 */
void
imsg_session_close (IMsgSession *self)
{
  g_return_if_fail (IMSG_IS_SESSION (self));

  if (self->is_closed)
    return;
  self->is_closed = TRUE;
  g_object_ref (self);
  /* One that is closing already stays in the list until it is done */
  for (guint i = self->messages->len; i > 0; i = MIN (i - 1, self->messages->len))
    {
      g_autoptr(IMsgMessage) newest = g_object_ref (self->messages->pdata[i - 1]);

      imsg_message_close (newest);
    }
  _imsg_session_finish_closing (self);
  g_object_unref (self);
}

static void
imsg_session_dispose (GObject *object)
{
  imsg_session_close (IMSG_SESSION (object));
  G_OBJECT_CLASS (imsg_session_parent_class)->dispose (object);
}

static void
imsg_session_finalize (GObject *object)
{
  IMsgSession *self = IMSG_SESSION (object);

  g_clear_object (&self->model);
  g_ptr_array_unref (self->messages);
  G_OBJECT_CLASS (imsg_session_parent_class)->finalize (object);
}

static void
imsg_session_get_property (GObject    *object,
                           guint       property_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  IMsgSession *self = IMSG_SESSION (object);

  switch (property_id)
    {
    case PROP_CLOSED:
      g_value_set_boolean (value, self->is_closed);
      break;
    case PROP_UNICODE:
      g_value_set_boolean (value, self->is_unicode);
      break;
    case PROP_HAS_UNSAVED_CHANGES:
      g_value_set_boolean (value, imsg_session_has_unsaved_changes (self));
      break;
    case PROP_MESSAGES:
      g_value_set_object (value, self->model);
      break;
    case PROP_DEFAULT_CODE_PAGE:
      g_value_set_uint (value, self->default_code_page);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
imsg_session_class_init (IMsgSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = imsg_session_dispose;
  object_class->finalize = imsg_session_finalize;
  object_class->get_property = imsg_session_get_property;

  /**
   * IMsgSession:closed: (getter is_closed)
   *
   * Whether it was closed.
   *
   * Since: 1.0
   */
  properties[PROP_CLOSED] = g_param_spec_boolean ("closed", NULL, NULL, FALSE, flags);

  /**
   * IMsgSession:unicode: (getter is_unicode)
   *
   * Whether new messages keep text as Unicode.
   *
   * Since: 1.0
   */
  properties[PROP_UNICODE] = g_param_spec_boolean ("unicode", NULL, NULL, TRUE, flags);

  /**
   * IMsgSession:has-unsaved-changes: (getter has_unsaved_changes)
   *
   * Whether closing it would discard something.
   *
   * Since: 1.0
   */
  properties[PROP_HAS_UNSAVED_CHANGES] =
    g_param_spec_boolean ("has-unsaved-changes", NULL, NULL, FALSE, flags);

  /**
   * IMsgSession:messages: (getter get_messages)
   *
   * The messages that are open.
   *
   * Since: 1.0
   */
  properties[PROP_MESSAGES] =
    g_param_spec_object ("messages", NULL, NULL, G_TYPE_LIST_MODEL, flags);

  /**
   * IMsgSession:default-code-page: (getter get_default_code_page)
   *
   * The code page for 8-bit text of messages that say nothing of theirs.
   *
   * Since: 1.0
   */
  properties[PROP_DEFAULT_CODE_PAGE] =
    g_param_spec_uint ("default-code-page", NULL, NULL, 0, G_MAXUINT, IMSG_CODE_PAGE_WINDOWS_1252,
                       flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * IMsgSession::message-opened:
   * @self: the session
   * @message: the message
   *
   * Emitted after a message was opened or created in it.
   *
   * Since: 1.0
   */
  signals[SIGNAL_MESSAGE_OPENED] =
    g_signal_new ("message-opened", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 1, IMSG_TYPE_MESSAGE);

  /**
   * IMsgSession::message-closed:
   * @self: the session
   * @message: the message, which is closed
   *
   * Emitted after a message was closed.
   *
   * Since: 1.0
   */
  signals[SIGNAL_MESSAGE_CLOSED] =
    g_signal_new ("message-closed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 1, IMSG_TYPE_MESSAGE);

  /**
   * IMsgSession::closed:
   * @self: the session
   *
   * Emitted once, after all messages were closed.
   *
   * Since: 1.0
   */
  signals[SIGNAL_CLOSED] = g_signal_new ("closed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
imsg_session_init (IMsgSession *self)
{
  IMsgSessionMessages *model = g_object_new (IMSG_TYPE_SESSION_MESSAGES, NULL);

  self->messages = g_ptr_array_new_with_free_func (g_object_unref);
  self->limits = *_imsg_limits_get_default ();
  self->default_code_page = IMSG_CODE_PAGE_WINDOWS_1252;
  self->is_unicode = TRUE;
  model->messages = g_ptr_array_ref (self->messages);
  self->model = G_LIST_MODEL (model);
}
