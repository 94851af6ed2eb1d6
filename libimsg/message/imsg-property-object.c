/* imsg-property-object.c - an object that is a set of properties
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-code-page-private.h"
#include "imsg-message-private.h"
#include "imsg-property-object-private.h"

#include <glib/gi18n-lib.h>

/**
 * IMsgPropertyObject:
 *
 * An object that is a set of properties, as MAPI's `IMAPIProp` is.
 *
 * A property is a tag (16 bits of id, 16 bits of type) and a value. Values come as
 * [struct@GLib.Variant], or plainly as text, numbers and times; large ones as streams. What was
 * not changed keeps its stored bytes to the last bit.
 *
 * ```c
 * g_autofree char *subject = imsg_property_object_get_string (object, IMSG_PR_SUBJECT);
 * g_autoptr(GDateTime) sent = imsg_property_object_get_datetime (object, IMSG_PR_CLIENT_SUBMIT_TIME);
 *
 * if (!imsg_property_object_set_string (object, IMSG_PR_SUBJECT, "New words", &error))
 *   g_printerr ("%s\n", error->message);
 * ```
 *
 * Changes stay in memory until the message is saved. Some properties are computed; of those a
 * file stores, the stored value is shown until what it is computed from changes and is saved.
 *
 * Since: 1.0
 */

G_DEFINE_ABSTRACT_TYPE (IMsgPropertyObject, imsg_property_object, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_PROPERTIES,
  PROP_WRITABLE,
  PROP_MODIFIED,
  PROP_CLOSED,
  PROP_UNICODE,
  N_PROPS
};

enum
{
  SIGNAL_PROPERTY_CHANGED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

/* --- checks --- */

/* What is told of each kind of object */
typedef struct
{
  const char *deleted;
  const char *closed;
  const char *read_only;
} Refusals;

static const Refusals *
get_refusals (IMsgPropertyObject *self)
{
  static const Refusals of_message = {
    N_("The message was deleted"), N_("The message was closed"),
    N_("The message is open for reading only"),
  };
  static const Refusals of_recipient = {
    N_("The recipient was deleted"), N_("The recipient was closed"),
    N_("The recipient is open for reading only"),
  };
  static const Refusals of_attachment = {
    N_("The attachment was deleted"), N_("The attachment was closed"),
    N_("The attachment is open for reading only"),
  };
  static const Refusals of_other = {
    N_("The object was deleted"), N_("The object was closed"),
    N_("The object is open for reading only"),
  };

  return IMSG_IS_MESSAGE (self)      ? &of_message
         : IMSG_IS_RECIPIENT (self)  ? &of_recipient
         : IMSG_IS_ATTACHMENT (self) ? &of_attachment
                                     : &of_other;
}

gboolean
_imsg_property_object_check (IMsgPropertyObject  *self,
                             GError             **error)
{
  if (self->is_deleted)
    g_set_error_literal (error, IMSG_ERROR, IMSG_ERROR_OBJECT_DELETED,
                         _(get_refusals (self)->deleted));
  else if (self->is_closed || self->is_closing)
    g_set_error_literal (error, IMSG_ERROR, IMSG_ERROR_CLOSED, _(get_refusals (self)->closed));
  else
    return TRUE;
  return FALSE;
}

gboolean
_imsg_property_object_check_writable (IMsgPropertyObject  *self,
                                      GError             **error)
{
  if (!_imsg_property_object_check (self, error))
    return FALSE;
  if (self->is_writable)
    return TRUE;
  g_set_error_literal (error, IMSG_ERROR, IMSG_ERROR_NO_ACCESS,
                       _(get_refusals (self)->read_only));
  return FALSE;
}

/* --- what the message around it says --- */

IMsgMessage *
_imsg_property_object_get_message (IMsgPropertyObject *self)
{
  return IMSG_PROPERTY_OBJECT_GET_CLASS (self)->get_message (self);
}

char *
_imsg_property_object_dup_path (IMsgPropertyObject *self)
{
  return IMSG_PROPERTY_OBJECT_GET_CLASS (self)->dup_path (self);
}

const IMsgLimits *
_imsg_property_object_get_limits (IMsgPropertyObject *self)
{
  IMsgMessage *message = _imsg_property_object_get_message (self);

  return message != NULL ? _imsg_message_get_limits (message) : _imsg_limits_get_default ();
}

guint
_imsg_property_object_get_code_page (IMsgPropertyObject *self)
{
  IMsgMessage *message = _imsg_property_object_get_message (self);

  return message != NULL ? imsg_message_get_code_page (message) : IMSG_CODE_PAGE_WINDOWS_1252;
}

IMsgNameMap *
_imsg_property_object_get_name_map (IMsgPropertyObject *self)
{
  IMsgMessage *message = _imsg_property_object_get_message (self);

  return message != NULL ? _imsg_message_get_name_map (message) : NULL;
}

/* Takes the problem. */
void
_imsg_property_object_add_problem (IMsgPropertyObject *self,
                                   IMsgProblem        *problem)
{
  IMsgMessage *message = _imsg_property_object_get_message (self);

  if (message != NULL)
    _imsg_message_add_problem (message, problem);
  else
    imsg_problem_unref (problem);
}

/* --- state --- */

/**
 * imsg_property_object_is_writable:
 * @self: a property object
 *
 * Tells whether values can be changed.
 *
 * Returns: %FALSE when it was opened for reading only, or is closed
 * Since: 1.0
 */
gboolean
imsg_property_object_is_writable (IMsgPropertyObject *self)
{
  g_return_val_if_fail (IMSG_IS_PROPERTY_OBJECT (self), FALSE);

  return self->is_writable && !self->is_closed && !self->is_deleted;
}

/**
 * imsg_property_object_is_modified:
 * @self: a property object
 *
 * Tells whether it, or anything in it, has changes that are not saved.
 *
 * Returns: whether there is something to save
 * Since: 1.0
 */
gboolean
imsg_property_object_is_modified (IMsgPropertyObject *self)
{
  IMsgPropertyObjectClass *klass;

  g_return_val_if_fail (IMSG_IS_PROPERTY_OBJECT (self), FALSE);

  if (self->is_closed || self->is_deleted)
    return FALSE;
  klass = IMSG_PROPERTY_OBJECT_GET_CLASS (self);
  return _imsg_property_object_has_edits (self) || _imsg_property_object_has_staged (self) ||
         (klass->has_changes != NULL && klass->has_changes (self));
}

/**
 * imsg_property_object_is_closed:
 * @self: a property object
 *
 * Tells whether it was closed: every call on it then fails with %IMSG_ERROR_CLOSED.
 *
 * Returns: whether it is closed
 * Since: 1.0
 */
gboolean
imsg_property_object_is_closed (IMsgPropertyObject *self)
{
  g_return_val_if_fail (IMSG_IS_PROPERTY_OBJECT (self), TRUE);

  return self->is_closed;
}

/**
 * imsg_property_object_is_unicode:
 * @self: a property object
 *
 * Tells whether text is stored as Unicode (`PT_UNICODE`) or in a code page (`PT_STRING8`).
 *
 * It is so for a whole message with its recipients and attachments: `STORE_UNICODE_OK` in
 * `PR_STORE_SUPPORT_MASK`. Source: [MS-OXMSG] 2.1.1.
 *
 * Returns: whether text is stored as Unicode
 * Since: 1.0
 */
gboolean
imsg_property_object_is_unicode (IMsgPropertyObject *self)
{
  IMsgMessage *message;

  g_return_val_if_fail (IMSG_IS_PROPERTY_OBJECT (self), FALSE);

  message = _imsg_property_object_get_message (self);
  return message == NULL || _imsg_message_is_unicode (message);
}

/**
 * imsg_property_object_get_storage:
 * @self: a property object
 *
 * Gets the storage that it lives on.
 *
 * Changes are written there when the message is saved, not before.
 *
 * Returns: (transfer none) (nullable): the storage; %NULL while there is none, and once closed
 * Since: 1.0
 */
IMsgStorage *
imsg_property_object_get_storage (IMsgPropertyObject *self)
{
  g_return_val_if_fail (IMSG_IS_PROPERTY_OBJECT (self), NULL);

  if (self->is_closed || self->is_deleted ||
      !IMSG_PROPERTY_OBJECT_GET_CLASS (self)->open (self, NULL))
    return NULL;
  return self->storage;
}

/**
 * imsg_property_object_get_properties:
 * @self: a property object
 *
 * Gets the list of its properties, which follows every change.
 *
 * Returns: (transfer none): a list of [class@IMsg.Property]
 * Since: 1.0
 */
GListModel *
imsg_property_object_get_properties (IMsgPropertyObject *self)
{
  g_return_val_if_fail (IMSG_IS_PROPERTY_OBJECT (self), NULL);

  if (self->list == NULL)
    self->list = _imsg_property_list_new (self);
  return G_LIST_MODEL (self->list);
}

void
_imsg_property_object_update_modified (IMsgPropertyObject *self)
{
  gboolean modified = imsg_property_object_is_modified (self);

  if (self->was_modified == (guint) modified)
    return;
  self->was_modified = modified;
  g_object_ref (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MODIFIED]);
  if (IMSG_PROPERTY_OBJECT_GET_CLASS (self)->modified_changed != NULL)
    IMSG_PROPERTY_OBJECT_GET_CLASS (self)->modified_changed (self);
  g_object_unref (self);
}

void
_imsg_property_object_set_writable (IMsgPropertyObject *self,
                                    gboolean            writable)
{
  if (self->is_writable == (guint) writable)
    return;
  self->is_writable = writable;
  _imsg_property_list_recompute (self->list);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WRITABLE]);
}

/* The detail is there only when somebody connected with it: no quark is made for the others. Made
 * by hand, as it is for each property that is set. */
static GQuark
get_detail (guint32 tag)
{
  static const char digits[] = "0123456789abcdef";
  guint type = IMSG_TAG_TYPE (tag);
  char detail[9];

  if (type == IMSG_PROPERTY_TYPE_STRING8 || type == (IMSG_PROPERTY_TYPE_STRING8 | 0x1000))
    tag++;
  for (guint i = 0; i < 8; i++)
    detail[i] = digits[tag >> (28 - 4 * i) & 15];
  detail[8] = '\0';
  return g_quark_try_string (detail);
}

void
_imsg_property_object_emit_changed (IMsgPropertyObject *self,
                                    guint32             tag)
{
  IMsgPropertyObjectClass *klass = IMSG_PROPERTY_OBJECT_GET_CLASS (self);

  if (self->is_being_made)
    return;
  g_object_ref (self);
  if (klass->changed != NULL)
    klass->changed (self, IMSG_TAG_ID (tag));
  if (self->list != NULL)
    _imsg_property_list_changed (self->list, IMSG_TAG_ID (tag));
  g_signal_emit (self, signals[SIGNAL_PROPERTY_CHANGED], get_detail (tag), tag);
  _imsg_property_object_update_modified (self);
  g_object_unref (self);
}

void
_imsg_property_object_set_being_made (IMsgPropertyObject *self,
                                      gboolean            is_being_made)
{
  self->is_being_made = is_being_made;
  if (!is_being_made)
    _imsg_property_object_update_modified (self);
}

const char *
_imsg_property_object_lend_text (char **where,
                                 char  *text)
{
  if (g_strcmp0 (*where, text) == 0)
    {
      g_free (text);
      return *where;
    }
  g_free (*where);
  *where = text;
  return text;
}

gsize
_imsg_property_object_get_memory_use (IMsgPropertyObject *self)
{
  gsize n_bytes = sizeof *self;

  n_bytes += self->n_entries * (sizeof (IMsgPropertyEntry) +
                                (self->index != NULL ? sizeof (guint64) : 0));
  if (self->list != NULL)
    n_bytes += _imsg_property_list_get_memory_use (self->list);
  return n_bytes;
}

/* --- closing --- */

void
_imsg_property_object_close (IMsgPropertyObject *self)
{
  IMsgPropertyObjectClass *klass = IMSG_PROPERTY_OBJECT_GET_CLASS (self);

  if (self->is_closed)
    return;

  self->is_closing = TRUE;
  if (klass->closing != NULL)
    klass->closing (self);
  _imsg_property_object_end_streams (self);
  self->is_closed = TRUE;
  g_clear_pointer (&self->edits, _imsg_property_layer_free);
  g_clear_pointer (&self->staged, _imsg_property_layer_free);
  g_clear_pointer (&self->originals, _imsg_property_layer_free);
  g_clear_object (&self->original_object);
  g_clear_pointer (&self->flushed, g_array_unref);
  g_clear_pointer (&self->entries, g_free);
  self->n_entries = 0;
  g_clear_pointer (&self->index, g_free);
  self->is_loaded = FALSE;
  if (self->list != NULL)
    _imsg_property_list_disconnect (self->list);
  g_clear_object (&self->storage);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CLOSED]);
  _imsg_property_object_update_modified (self);
  if (klass->closed != NULL)
    klass->closed (self);
}

void
_imsg_property_object_mark_deleted (IMsgPropertyObject *self)
{
  self->is_deleted = TRUE;
  _imsg_property_object_close (self);
}

static void
imsg_property_object_dispose (GObject *object)
{
  IMsgPropertyObject *self = IMSG_PROPERTY_OBJECT (object);

  _imsg_property_object_close (self);
  g_clear_object (&self->list);
  G_OBJECT_CLASS (imsg_property_object_parent_class)->dispose (object);
}

static void
imsg_property_object_finalize (GObject *object)
{
  IMsgPropertyObject *self = IMSG_PROPERTY_OBJECT (object);

  g_clear_pointer (&self->streams, g_ptr_array_unref);
  /* What was put while a handler closed it */
  g_clear_pointer (&self->edits, _imsg_property_layer_free);
  G_OBJECT_CLASS (imsg_property_object_parent_class)->finalize (object);
}

static void
imsg_property_object_get_property (GObject    *object,
                                   guint       property_id,
                                   GValue     *value,
                                   GParamSpec *pspec)
{
  IMsgPropertyObject *self = IMSG_PROPERTY_OBJECT (object);

  switch (property_id)
    {
    case PROP_PROPERTIES:
      g_value_set_object (value, imsg_property_object_get_properties (self));
      break;
    case PROP_WRITABLE:
      g_value_set_boolean (value, imsg_property_object_is_writable (self));
      break;
    case PROP_MODIFIED:
      g_value_set_boolean (value, imsg_property_object_is_modified (self));
      break;
    case PROP_CLOSED:
      g_value_set_boolean (value, self->is_closed);
      break;
    case PROP_UNICODE:
      g_value_set_boolean (value, imsg_property_object_is_unicode (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
imsg_property_object_class_init (IMsgPropertyObjectClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = imsg_property_object_dispose;
  object_class->finalize = imsg_property_object_finalize;
  object_class->get_property = imsg_property_object_get_property;

  /**
   * IMsgPropertyObject:properties: (getter get_properties)
   *
   * The properties, a list that follows every change.
   *
   * Since: 1.0
   */
  properties[PROP_PROPERTIES] =
    g_param_spec_object ("properties", NULL, NULL, G_TYPE_LIST_MODEL,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * IMsgPropertyObject:writable: (getter is_writable)
   *
   * Whether values can be changed.
   *
   * Since: 1.0
   */
  properties[PROP_WRITABLE] =
    g_param_spec_boolean ("writable", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * IMsgPropertyObject:modified: (getter is_modified)
   *
   * Whether there are changes that are not saved.
   *
   * Since: 1.0
   */
  properties[PROP_MODIFIED] =
    g_param_spec_boolean ("modified", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * IMsgPropertyObject:closed: (getter is_closed)
   *
   * Whether it was closed.
   *
   * Since: 1.0
   */
  properties[PROP_CLOSED] =
    g_param_spec_boolean ("closed", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * IMsgPropertyObject:unicode: (getter is_unicode)
   *
   * Whether text is stored as Unicode.
   *
   * Since: 1.0
   */
  properties[PROP_UNICODE] =
    g_param_spec_boolean ("unicode", NULL, NULL, TRUE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * IMsgPropertyObject::property-changed:
   * @self: the object
   * @tag: the tag of the property, as it is stored or was until now
   *
   * Emitted after a property was set, deleted or reverted.
   *
   * The detail is the tag as eight lower-case hexadecimal digits, text always as `PT_UNICODE`:
   * `property-changed::0037001f` for the subject, however it is stored.
   *
   * Since: 1.0
   */
  signals[SIGNAL_PROPERTY_CHANGED] =
    g_signal_new ("property-changed", G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                  G_TYPE_UINT);
}

static void
imsg_property_object_init (IMsgPropertyObject *self)
{
  self->header = IMSG_STREAM_SUBOBJECT;
}
