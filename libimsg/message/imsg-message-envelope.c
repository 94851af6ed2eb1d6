/* imsg-message-envelope.c - subject, class, sender and times of a message
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-message-private.h"
#include "imsg-property-tags.h"
#include "imsg-recipient-private.h"

#include <string.h>

/* The text stays the message's until the next call. */
static const char *
lend_text (IMsgMessage     *self,
           IMsgMessageText  which,
           char            *text)
{
  return _imsg_property_object_lend_text (&self->texts[which], text);
}

/**
 * imsg_message_get_subject:
 * @self: a message
 *
 * Gives the subject (`PR_SUBJECT`).
 *
 * Where a file has it in two parts only, prefix and rest, it is put together.
 *
 * Returns: (transfer none) (nullable): the subject, or %NULL when there is none; valid until the
 *   next call
 * Since: 1.0
 */
const char *
imsg_message_get_subject (IMsgMessage *self)
{
  g_return_val_if_fail (IMSG_IS_MESSAGE (self), NULL);

  return lend_text (self, IMSG_MESSAGE_TEXT_SUBJECT,
                    imsg_property_object_get_string (IMSG_PROPERTY_OBJECT (self),
                                                     IMSG_PR_SUBJECT));
}

/**
 * imsg_message_set_subject:
 * @self: a message
 * @subject: (nullable): the subject, or %NULL for none
 * @error: return location for an error
 *
 * Sets the subject.
 *
 * What is made of it, `PR_NORMALIZED_SUBJECT` and `PR_SUBJECT_PREFIX`, follows when the message is
 * saved. Fails as [method@PropertyObject.set_value] does.
 *
 * Returns: whether it was set
 * Since: 1.0
 */
gboolean
imsg_message_set_subject (IMsgMessage  *self,
                          const char   *subject,
                          GError      **error)
{
  g_return_val_if_fail (IMSG_IS_MESSAGE (self), FALSE);

  return imsg_property_object_set_string (IMSG_PROPERTY_OBJECT (self), IMSG_PR_SUBJECT, subject,
                                          error);
}

/**
 * imsg_message_get_message_class:
 * @self: a message
 *
 * Gives the message class (`PR_MESSAGE_CLASS`), such as `IPM.Note`.
 *
 * Returns: (transfer none) (nullable): the class; valid until the next call
 * Since: 1.0
 */
const char *
imsg_message_get_message_class (IMsgMessage *self)
{
  g_return_val_if_fail (IMSG_IS_MESSAGE (self), NULL);

  return lend_text (self, IMSG_MESSAGE_TEXT_CLASS,
                    imsg_property_object_get_string (IMSG_PROPERTY_OBJECT (self),
                                                     IMSG_PR_MESSAGE_CLASS));
}

/**
 * imsg_message_get_sender_name:
 * @self: a message
 *
 * Gives the name of who sent it (`PR_SENDER_NAME`, else `PR_SENT_REPRESENTING_NAME`).
 *
 * Returns: (transfer none) (nullable): the name; valid until the next call
 * Since: 1.0
 */
const char *
imsg_message_get_sender_name (IMsgMessage *self)
{
  IMsgPropertyObject *object;
  char *name;

  g_return_val_if_fail (IMSG_IS_MESSAGE (self), NULL);

  object = IMSG_PROPERTY_OBJECT (self);
  name = imsg_property_object_get_string (object, IMSG_PR_SENDER_NAME);
  if (name == NULL)
    name = imsg_property_object_get_string (object, IMSG_PR_SENT_REPRESENTING_NAME);
  return lend_text (self, IMSG_MESSAGE_TEXT_SENDER_NAME, name);
}

/**
 * imsg_message_get_sender_address:
 * @self: a message
 *
 * Gives the address of who sent it, as it is stored.
 *
 * An Internet address is preferred (`PR_SENDER_SMTP_ADDRESS`); of senders inside an Exchange
 * organisation there may be an X.500 name only, which
 * [method@IMsg.Message.resolve_address] can make more of.
 *
 * Returns: (transfer none) (nullable): the address; valid until the next call
 * Since: 1.0
 */
const char *
imsg_message_get_sender_address (IMsgMessage *self)
{
  static const guint32 tags[] = {
    IMSG_PR_SENDER_SMTP_ADDRESS,
    IMSG_PR_SENDER_EMAIL_ADDRESS,
    IMSG_PR_SENT_REPRESENTING_SMTP_ADDRESS,
    IMSG_PR_SENT_REPRESENTING_EMAIL_ADDRESS,
  };
  char *address = NULL;

  g_return_val_if_fail (IMSG_IS_MESSAGE (self), NULL);

  for (guint i = 0; i < G_N_ELEMENTS (tags) && (address == NULL || *address == '\0'); i++)
    {
      g_free (address);
      address = imsg_property_object_get_string (IMSG_PROPERTY_OBJECT (self), tags[i]);
    }
  return lend_text (self, IMSG_MESSAGE_TEXT_SENDER_ADDRESS, address);
}

typedef struct
{
  guint32 name;
  guint32 type;
  guint32 address;
  guint32 smtp_address;
  guint32 entry_id;
  guint32 search_key;
} SenderTags;

/* Whether all of it may be set: after that nothing fails halfway, with one's name and another's
 * address. */
static gboolean
check_sender (IMsgPropertyObject  *object,
              const SenderTags    *tags,
              const char          *name,
              const char          *address,
              GError             **error)
{
  const char *rest;
  g_autofree char *type = _imsg_address_split (address, &rest);

  return _imsg_property_object_may_set_string (object, tags->name, name, error) &&
         _imsg_property_object_may_set_string (object, tags->type, type, error) &&
         _imsg_property_object_may_set_string (object, tags->address, rest, error) &&
         _imsg_property_object_may_set_string (object, tags->smtp_address, rest, error);
}

static gboolean
delete_if_there (IMsgPropertyObject  *object,
                 guint32              tag,
                 GError             **error)
{
  return !imsg_property_object_has_value (object, tag) ||
         imsg_property_object_delete_value (object, tag, error);
}

static gboolean
set_sender (IMsgPropertyObject  *object,
            const SenderTags    *tags,
            const char          *name,
            const char          *address,
            GError             **error)
{
  const char *rest;
  g_autofree char *type = _imsg_address_split (address, &rest);
  g_autoptr(GBytes) entry_id =
    _imsg_one_off_build (name, type, rest, imsg_property_object_is_unicode (object),
                         _imsg_property_object_get_code_page (object));
  g_autoptr(GBytes) search_key = _imsg_search_key_build (type, rest);

  if (!imsg_property_object_set_string (object, tags->name, name, error) ||
      !imsg_property_object_set_string (object, tags->type, type, error) ||
      !imsg_property_object_set_string (object, tags->address, rest, error))
    return FALSE;
  if (strcmp (type, "SMTP") != 0)
    {
      if (!delete_if_there (object, tags->smtp_address, error))
        return FALSE;
    }
  else if (!imsg_property_object_set_string (object, tags->smtp_address, rest, error))
    return FALSE;
  return imsg_property_object_set_bytes (object, tags->entry_id, entry_id, error) &&
         imsg_property_object_set_bytes (object, tags->search_key, search_key, error);
}

/**
 * imsg_message_set_sender:
 * @self: a message that is open for changes
 * @name: (nullable): the name people see; %NULL for the address
 * @address: an Internet address, or another with its type before it (`FAX:1234`)
 * @error: return location for an error
 *
 * Says who sends the message: `PR_SENDER_NAME` and all that goes with it, and the same of whom it
 * is sent for (`PR_SENT_REPRESENTING_NAME`).
 *
 * Entry ids and search keys name the new one too; what only the old one had, such as the id of an
 * account, is deleted. Fails as [method@PropertyObject.set_value] does; the sender is who it was
 * then.
 *
 * Returns: whether it was set
 * Since: 1.0
 */
gboolean
imsg_message_set_sender (IMsgMessage  *self,
                         const char   *name,
                         const char   *address,
                         GError      **error)
{
  static const SenderTags roles[] = {
    { IMSG_PR_SENDER_NAME, IMSG_PR_SENDER_ADDRTYPE, IMSG_PR_SENDER_EMAIL_ADDRESS,
      IMSG_PR_SENDER_SMTP_ADDRESS, IMSG_PR_SENDER_ENTRYID, IMSG_PR_SENDER_SEARCH_KEY },
    { IMSG_PR_SENT_REPRESENTING_NAME, IMSG_PR_SENT_REPRESENTING_ADDRTYPE,
      IMSG_PR_SENT_REPRESENTING_EMAIL_ADDRESS, IMSG_PR_SENT_REPRESENTING_SMTP_ADDRESS,
      IMSG_PR_SENT_REPRESENTING_ENTRYID, IMSG_PR_SENT_REPRESENTING_SEARCH_KEY },
  };
  /* Security ids, the same as XML, flags and simple names of both */
  static const guint32 stale[] = {
    0x0E4D0102, 0x0E4E0102, 0x0E6E001F, 0x0E6F001F, 0x40190003, 0x401A0003, 0x4030001F, 0x4031001F,
  };
  IMsgPropertyObject *object;

  g_return_val_if_fail (IMSG_IS_MESSAGE (self), FALSE);
  g_return_val_if_fail (address != NULL && g_utf8_validate (address, -1, NULL), FALSE);
  g_return_val_if_fail (name == NULL || g_utf8_validate (name, -1, NULL), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  object = IMSG_PROPERTY_OBJECT (self);
  if (name == NULL || *name == '\0')
    name = address;
  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    if (!check_sender (object, &roles[i], name, address, error))
      return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    if (!set_sender (object, &roles[i], name, address, error))
      return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (stale); i++)
    if (!delete_if_there (object, stale[i], error))
      return FALSE;
  return TRUE;
}

/**
 * imsg_message_get_sent_time:
 * @self: a message
 *
 * Gives the time it was sent (`PR_CLIENT_SUBMIT_TIME`), in UTC.
 *
 * Returns: (transfer full) (nullable): the time, or %NULL when it has none
 * Since: 1.0
 */
GDateTime *
imsg_message_get_sent_time (IMsgMessage *self)
{
  g_return_val_if_fail (IMSG_IS_MESSAGE (self), NULL);

  return imsg_property_object_get_datetime (IMSG_PROPERTY_OBJECT (self),
                                            IMSG_PR_CLIENT_SUBMIT_TIME);
}

/**
 * imsg_message_get_received_time:
 * @self: a message
 *
 * Gives the time it was received (`PR_MESSAGE_DELIVERY_TIME`), in UTC.
 *
 * Returns: (transfer full) (nullable): the time, or %NULL when it has none
 * Since: 1.0
 */
GDateTime *
imsg_message_get_received_time (IMsgMessage *self)
{
  g_return_val_if_fail (IMSG_IS_MESSAGE (self), NULL);

  return imsg_property_object_get_datetime (IMSG_PROPERTY_OBJECT (self),
                                            IMSG_PR_MESSAGE_DELIVERY_TIME);
}
