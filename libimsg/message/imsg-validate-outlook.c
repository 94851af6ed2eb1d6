/* imsg-validate-outlook.c - what Outlook needs of a message
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-validate-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

#define MESSAGE_CLASS_ID "00020d0b-0000-0000-c000-000000000046"
#define TEMPLATE_CLASS_ID "0006f046-0000-0000-c000-000000000046"

#define MSGFLAG_UNSENT 0x08
#define MSGFLAG_HASATTACH 0x10

#define MAX_CLASS_CHARACTERS 255
#define MAX_SUBJECT_CHARACTERS 254
#define CONVERSATION_HEADER_BYTES 22
#define CONVERSATION_REPLY_BYTES 5

typedef struct
{
  guint32     tag;
  const char *rule;
  const char *text; /* to be looked up */
} Need;

static gboolean
has (IMsgValidated *self,
     guint32        tag)
{
  return imsg_property_tag_is_text (tag) ? _imsg_validated_find_text (self, tag) != NULL
                                         : _imsg_validated_find (self, tag) != NULL;
}

static void
check_needs (IMsgValidated *self,
             const Need    *needs,
             gsize          n_needs)
{
  for (gsize i = 0; i < n_needs; i++)
    if (!has (self, needs[i].tag))
      _imsg_validated_tell (self, needs[i].rule, needs[i].tag, "%s", _(needs[i].text));
}

static guint64
count_characters (IMsgValidated *self,
                  guint32        tag)
{
  const IMsgPropertyEntry *entry = _imsg_validated_find_text (self, tag);
  guint64 n_bytes = 0;

  if (entry == NULL)
    return 0;
  n_bytes = _imsg_validated_get_size (self, entry->tag);
  return IMSG_TAG_TYPE (entry->tag) == IMSG_PROPERTY_TYPE_UNICODE ? n_bytes / 2 : n_bytes;
}

static void
check_class (IMsgValidated *self)
{
  const IMsgPropertyEntry *entry = _imsg_validated_find_text (self, IMSG_PR_MESSAGE_CLASS);
  g_autoptr(GBytes) stored = entry != NULL ? _imsg_validated_read (self, entry->tag) : NULL;
  gsize n_bytes = 0;
  const guint8 *bytes = stored != NULL ? g_bytes_get_data (stored, &n_bytes) : NULL;
  gsize step = entry != NULL && IMSG_TAG_TYPE (entry->tag) == IMSG_PROPERTY_TYPE_UNICODE ? 2 : 1;

  if (n_bytes == 0)
    {
      _imsg_validated_tell (self, "class", IMSG_PR_MESSAGE_CLASS, _("a message without a class"));
      return;
    }
  if (n_bytes / step > MAX_CLASS_CHARACTERS)
    _imsg_validated_tell (self, "class", IMSG_PR_MESSAGE_CLASS,
                          g_dngettext (GETTEXT_PACKAGE,
                                       "a class of more than %u character",
                                       "a class of more than %u characters",
                                       MAX_CLASS_CHARACTERS),
                          MAX_CLASS_CHARACTERS);
  for (gsize at = 0; at + step <= n_bytes; at += step)
    if (bytes[at] < 0x20 || bytes[at] > 0x7F || (step == 2 && bytes[at + 1] != 0))
      {
        _imsg_validated_tell (self, "class", IMSG_PR_MESSAGE_CLASS,
                              _("a class with other characters than ASCII"));
        return;
      }
}

static void
check_root (IMsgValidated *self)
{
  g_autofree char *class_id = imsg_storage_dup_class_id (self->storage);

  if (g_strcmp0 (class_id, MESSAGE_CLASS_ID) != 0 && g_strcmp0 (class_id, TEMPLATE_CLASS_ID) != 0)
    {
      if (class_id != NULL)
        _imsg_validated_tell (self, "class-id", 0, _("the class id of the file is %s"), class_id);
      else
        _imsg_validated_tell (self, "class-id", 0, _("the file has no class id"));
    }
}

/* Who sent a message and for whom go together. */
static void
check_sender (IMsgValidated *self)
{
  static const Need sender[] = {
    { IMSG_PR_SENDER_NAME, "sender", N_("the name of the sender is missing") },
    { IMSG_PR_SENDER_ADDRTYPE, "sender", N_("the address type of the sender is missing") },
    { IMSG_PR_SENDER_EMAIL_ADDRESS, "sender", N_("the address of the sender is missing") },
    { IMSG_PR_SENDER_ENTRYID, "sender", N_("the entry id of the sender is missing") },
    { IMSG_PR_SENT_REPRESENTING_NAME, "sender", N_("the name of whom it was sent for is missing") },
    { IMSG_PR_SENT_REPRESENTING_ADDRTYPE, "sender",
      N_("the address type of whom it was sent for is missing") },
    { IMSG_PR_SENT_REPRESENTING_EMAIL_ADDRESS, "sender",
      N_("the address of whom it was sent for is missing") },
    { IMSG_PR_SENT_REPRESENTING_ENTRYID, "sender",
      N_("the entry id of whom it was sent for is missing") },
  };

  if (has (self, IMSG_PR_SENDER_EMAIL_ADDRESS) ||
      has (self, IMSG_PR_SENT_REPRESENTING_EMAIL_ADDRESS))
    check_needs (self, sender, G_N_ELEMENTS (sender));
}

/* Whether the flags and the attachments say the same */
static void
check_has_attachments (IMsgValidated *self,
                       guint32        flags)
{
  if (((flags & MSGFLAG_HASATTACH) != 0) == (self->n_attachments > 0))
    return;
  if (self->n_attachments == 0)
    _imsg_validated_tell (self, "flags", IMSG_PR_MESSAGE_FLAGS,
                          _("the flags say that there are attachments, and there are none"));
  else
    _imsg_validated_tell (self, "flags", IMSG_PR_MESSAGE_FLAGS,
                          g_dngettext (GETTEXT_PACKAGE,
                                       "the flags say that there is no attachment, and there "
                                         "is %u",
                                       "the flags say that there is no attachment, and there "
                                         "are %u",
                                       self->n_attachments),
                          self->n_attachments);
}

static void
check_conversation (IMsgValidated *self)
{
  guint64 n_bytes = _imsg_validated_get_size (self, IMSG_PR_CONVERSATION_INDEX);

  if (has (self, IMSG_PR_CONVERSATION_INDEX) &&
      (n_bytes < CONVERSATION_HEADER_BYTES ||
       (n_bytes - CONVERSATION_HEADER_BYTES) % CONVERSATION_REPLY_BYTES != 0))
    _imsg_validated_tell (self, "conversation", IMSG_PR_CONVERSATION_INDEX,
                          g_dngettext (GETTEXT_PACKAGE,
                                       "a conversation index of %" PRIu64 " byte",
                                       "a conversation index of %" PRIu64 " bytes",
                                       n_bytes),
                          n_bytes);
}

static void
check_message (IMsgValidated *self)
{
  static const Need needs[] = {
    { IMSG_PR_STORE_SUPPORT_MASK, "store-mask", N_("the store support mask is missing") },
    { IMSG_PR_MESSAGE_FLAGS, "flags", N_("the word of message flags is missing") },
    { IMSG_PR_CREATION_TIME, "times", N_("the time of creation is missing") },
    { IMSG_PR_LAST_MODIFICATION_TIME, "times", N_("the time of the last change is missing") },
  };
  static const Need sent_needs[] = {
    { IMSG_PR_CLIENT_SUBMIT_TIME, "times", N_("the time it was sent is missing") },
    { IMSG_PR_MESSAGE_DELIVERY_TIME, "times", N_("the time it was received is missing") },
  };
  static const Need subject_needs[] = {
    { IMSG_PR_CONVERSATION_TOPIC, "subject", N_("the topic of the conversation is missing") },
    { IMSG_PR_NORMALIZED_SUBJECT, "subject", N_("the subject without its prefix is missing") },
  };
  guint32 flags = _imsg_validated_get_u32 (self, IMSG_PR_MESSAGE_FLAGS);
  guint64 n_subject = count_characters (self, IMSG_PR_SUBJECT_PREFIX) +
                      count_characters (self, IMSG_PR_NORMALIZED_SUBJECT);

  check_needs (self, needs, G_N_ELEMENTS (needs));
  check_class (self);
  check_sender (self);
  if (has (self, IMSG_PR_MESSAGE_FLAGS) && !(flags & MSGFLAG_UNSENT))
    check_needs (self, sent_needs, G_N_ELEMENTS (sent_needs));
  if (has (self, IMSG_PR_MESSAGE_FLAGS))
    check_has_attachments (self, flags);
  if (count_characters (self, IMSG_PR_SUBJECT) > 0)
    check_needs (self, subject_needs, G_N_ELEMENTS (subject_needs));
  if (n_subject > MAX_SUBJECT_CHARACTERS)
    _imsg_validated_tell (self, "subject", IMSG_PR_NORMALIZED_SUBJECT,
                          g_dngettext (GETTEXT_PACKAGE,
                                       "a subject of %" PRIu64 " character",
                                       "a subject of %" PRIu64 " characters",
                                       n_subject),
                          n_subject);
  if (has (self, IMSG_PR_HTML) && !has (self, IMSG_PR_INTERNET_CPID))
    _imsg_validated_tell (self, "body", IMSG_PR_INTERNET_CPID,
                          _("the code page of HTML is missing"));
  if (!has (self, IMSG_PR_RTF_COMPRESSED) &&
      (_imsg_validated_get_u32 (self, IMSG_PR_RTF_IN_SYNC) & 0xFFFF) != 0)
    _imsg_validated_tell (self, "body", IMSG_PR_RTF_IN_SYNC, _("RTF is in step and not there"));
  check_conversation (self);
}

static void
check_recipient (IMsgValidated *self)
{
  static const Need needs[] = {
    { IMSG_PR_RECIPIENT_TYPE, "recipient", N_("the kind of recipient is missing") },
    { IMSG_PR_DISPLAY_NAME, "recipient", N_("the name is missing") },
    { IMSG_PR_ADDRTYPE, "recipient", N_("the address type is missing") },
    { IMSG_PR_EMAIL_ADDRESS, "recipient", N_("the address is missing") },
    { IMSG_PR_ENTRYID, "recipient", N_("the entry id is missing") },
    { IMSG_PR_ROWID, "recipient", N_("the row id is missing") },
    { IMSG_PR_OBJECT_TYPE, "recipient", N_("the object type is missing") },
    { IMSG_PR_DISPLAY_TYPE, "recipient", N_("the display type is missing") },
  };

  check_needs (self, needs, G_N_ELEMENTS (needs));
  if (has (self, IMSG_PR_OBJECT_TYPE) && _imsg_validated_get_u32 (self, IMSG_PR_OBJECT_TYPE) != 6)
    _imsg_validated_tell (self, "recipient", IMSG_PR_OBJECT_TYPE, _("object type %u, not 6"),
                          _imsg_validated_get_u32 (self, IMSG_PR_OBJECT_TYPE));
}

static void
check_attachment (IMsgValidated *self)
{
  static const Need needs[] = {
    { IMSG_PR_ATTACH_NUM, "attachment", N_("the number is missing") },
    { IMSG_PR_RENDERING_POSITION, "attachment", N_("the rendering position is missing") },
    { IMSG_PR_OBJECT_TYPE, "attachment", N_("the object type is missing") },
  };

  check_needs (self, needs, G_N_ELEMENTS (needs));
  if (!has (self, IMSG_PR_ATTACH_LONG_FILENAME) && !has (self, IMSG_PR_ATTACH_FILENAME) &&
      !has (self, IMSG_PR_DISPLAY_NAME))
    _imsg_validated_tell (self, "attachment", 0, _("it has no name of any kind"));
  if (has (self, IMSG_PR_OBJECT_TYPE) && _imsg_validated_get_u32 (self, IMSG_PR_OBJECT_TYPE) != 7)
    _imsg_validated_tell (self, "attachment", IMSG_PR_OBJECT_TYPE, _("object type %u, not 7"),
                          _imsg_validated_get_u32 (self, IMSG_PR_OBJECT_TYPE));
}

void
_imsg_validate_outlook (IMsgValidated *self)
{
  switch (self->kind)
    {
    case IMSG_VALIDATED_MESSAGE:
      check_root (self);
      check_message (self);
      break;
    case IMSG_VALIDATED_EMBEDDED:
      check_message (self);
      break;
    case IMSG_VALIDATED_RECIPIENT:
      check_recipient (self);
      break;
    case IMSG_VALIDATED_ATTACHMENT:
      check_attachment (self);
      break;
    }
}
