/* imsg-message-computed.c - what follows from other properties of a message
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-attachment-private.h"
#include "imsg-code-page-private.h"
#include "imsg-filetime-private.h"
#include "imsg-guid-private.h"
#include "imsg-message-private.h"
#include "imsg-property-tags.h"
#include "imsg-recipient-private.h"

#include <string.h>

#define MSGFLAG_UNMODIFIED 0x00000002
#define MSGFLAG_HASATTACH 0x00000010

#define N_RECIPIENT_TYPES (IMSG_RECIPIENT_TYPE_BCC + 1)

#define ID(tag) ((guint16) ((tag) >> 16))

const guint16 _imsg_message_computed_ids[] = {
  ID (IMSG_PR_DISPLAY_TO),
  ID (IMSG_PR_DISPLAY_CC),
  ID (IMSG_PR_DISPLAY_BCC),
  ID (IMSG_PR_MESSAGE_SIZE),
  ID (IMSG_PR_HASATTACH),
  ID (IMSG_PR_NORMALIZED_SUBJECT),
  ID (IMSG_PR_ACCESS),
  ID (IMSG_PR_ACCESS_LEVEL),
  ID (IMSG_PR_OBJECT_TYPE),
  ID (IMSG_PR_STORE_SUPPORT_MASK),
  ID (IMSG_PR_RECORD_KEY),
  0x0FF8, /* PR_MAPPING_SIGNATURE: each file has its own mapping */
  0,
};

const guint32 _imsg_message_offered_tags[] = {
  IMSG_PR_SUBJECT,
  IMSG_PR_NORMALIZED_SUBJECT,
  IMSG_PR_DISPLAY_TO,
  IMSG_PR_DISPLAY_CC,
  IMSG_PR_DISPLAY_BCC,
  IMSG_PR_MESSAGE_SIZE,
  IMSG_PR_HASATTACH,
  IMSG_PR_ACCESS,
  IMSG_PR_ACCESS_LEVEL,
  IMSG_PR_OBJECT_TYPE,
  IMSG_PR_STORE_SUPPORT_MASK,
  IMSG_PR_MESSAGE_RECIPIENTS,
  IMSG_PR_MESSAGE_ATTACHMENTS,
  0,
};

/* --- the subject --- */

/* The length in bytes of one to three letters, a colon and a space at the beginning; 0 if none. */
static gsize
find_prefix (const char *subject)
{
  const char *at = subject;
  guint n_letters = 0;

  while (n_letters < 3 && g_unichar_isalpha (g_utf8_get_char (at)))
    {
      at = g_utf8_next_char (at);
      n_letters++;
    }
  return n_letters > 0 && at[0] == ':' && at[1] == ' ' ? (gsize) (at + 2 - subject) : 0;
}

/* The rest of a subject after its prefix, and the prefix as it has to be. */
static const char *
split_subject (const char  *subject,
               const char  *stored_prefix,
               char       **prefix)
{
  gsize length;

  if (stored_prefix != NULL && *stored_prefix != '\0' && g_str_has_prefix (subject, stored_prefix))
    {
      *prefix = g_strdup (stored_prefix);
      return subject + strlen (stored_prefix);
    }
  length = find_prefix (subject);
  *prefix = length > 0 ? g_strndup (subject, length) : NULL;
  return subject + length;
}

static char *
compute_normalized_subject (IMsgPropertyObject *object)
{
  g_autofree char *subject = _imsg_property_object_read_stored_string (object, IMSG_PR_SUBJECT);
  g_autofree char *stored = _imsg_property_object_read_stored_string (object,
                                                                      IMSG_PR_SUBJECT_PREFIX);
  g_autofree char *prefix = NULL;

  return subject != NULL ? g_strdup (split_subject (subject, stored, &prefix)) : NULL;
}

/* A file may have it in its two parts only. */
static char *
compute_subject (IMsgPropertyObject *object)
{
  g_autofree char *rest = _imsg_property_object_read_stored_string (object,
                                                                    IMSG_PR_NORMALIZED_SUBJECT);
  g_autofree char *prefix = _imsg_property_object_read_stored_string (object,
                                                                      IMSG_PR_SUBJECT_PREFIX);

  return rest != NULL ? g_strconcat (prefix != NULL ? prefix : "", rest, NULL) : NULL;
}

/* --- recipients and sizes --- */

/* Names by type, "; " between them; those that a resend copied (MAPI_P1) do not count. Nor do
 * those whose type has no text to be added to. */
static void
compute_display_lists (IMsgMessage *self,
                       GString     *texts[N_RECIPIENT_TYPES])
{
  GListModel *recipients = imsg_message_get_recipients (self);

  for (guint i = 0; i < g_list_model_get_n_items (recipients); i++)
    {
      g_autoptr(IMsgPropertyObject) recipient = g_list_model_get_item (recipients, i);
      g_autofree char *name = NULL;
      guint32 stored_type = IMSG_RECIPIENT_TYPE_TO;
      guint32 type;
      GString *text;

      _imsg_property_object_read_stored_long (recipient, IMSG_PR_RECIPIENT_TYPE, &stored_type);
      type = stored_type & 0x0F;
      text = type < N_RECIPIENT_TYPES ? texts[type] : NULL;
      if (text == NULL || (stored_type & 0x10000000) != 0)
        continue;
      name = imsg_property_object_get_string (recipient, IMSG_PR_DISPLAY_NAME);
      if (name == NULL)
        name = imsg_property_object_get_string (recipient, IMSG_PR_EMAIL_ADDRESS);
      if (name != NULL && *name != '\0')
        {
          if (text->len > 0)
            g_string_append (text, "; ");
          g_string_append (text, name);
        }
    }
}

static char *
compute_display_list (IMsgMessage       *self,
                      IMsgRecipientType  type)
{
  GString *texts[N_RECIPIENT_TYPES] = { NULL };

  texts[type] = g_string_new (NULL);
  compute_display_lists (self, texts);
  return g_string_free (texts[type], FALSE);
}

gboolean
_imsg_message_computes (IMsgPropertyObject *object,
                        guint32             tag)
{
  IMsgPropertySlot slot;
  IMsgPropertyEdit *edit;

  switch (tag & 0xFFFF0000)
    {
    case IMSG_PR_SUBJECT & 0xFFFF0000:
      /* Its parts stand for it where it never was, not where it was deleted. */
      edit = _imsg_property_object_find_edit (object, ID (IMSG_PR_SUBJECT));
      if (edit != NULL && edit->tag == 0)
        return FALSE;
      return _imsg_property_object_lookup (object, IMSG_PR_NORMALIZED_SUBJECT, &slot);
    case IMSG_PR_NORMALIZED_SUBJECT & 0xFFFF0000:
      return _imsg_property_object_lookup (object, IMSG_PR_SUBJECT, &slot);
    case IMSG_PR_MESSAGE_SIZE & 0xFFFF0000:
      return object->storage != NULL && !IMSG_MESSAGE (object)->is_new;
    default:
      return TRUE;
    }
}

static GVariant *
new_string (char *text)
{
  return text != NULL ? g_variant_ref_sink (g_variant_new_take_string (text)) : NULL;
}

static GVariant *
new_long (guint32 value)
{
  return g_variant_ref_sink (g_variant_new_int32 ((gint32) value));
}

GVariant *
_imsg_message_compute (IMsgPropertyObject *object,
                       guint32             tag)
{
  IMsgMessage *self = IMSG_MESSAGE (object);
  gboolean writable = imsg_property_object_is_writable (object);

  switch (tag & 0xFFFF0000)
    {
    case IMSG_PR_SUBJECT & 0xFFFF0000:
      return new_string (compute_subject (object));
    case IMSG_PR_NORMALIZED_SUBJECT & 0xFFFF0000:
      return new_string (compute_normalized_subject (object));
    case IMSG_PR_DISPLAY_TO & 0xFFFF0000:
      return new_string (compute_display_list (self, IMSG_RECIPIENT_TYPE_TO));
    case IMSG_PR_DISPLAY_CC & 0xFFFF0000:
      return new_string (compute_display_list (self, IMSG_RECIPIENT_TYPE_CC));
    case IMSG_PR_DISPLAY_BCC & 0xFFFF0000:
      return new_string (compute_display_list (self, IMSG_RECIPIENT_TYPE_BCC));
    case IMSG_PR_MESSAGE_SIZE & 0xFFFF0000:
      return new_long ((guint32) MIN (_imsg_storage_measure (object->storage), G_MAXINT32));
    case IMSG_PR_HASATTACH & 0xFFFF0000:
      return g_variant_ref_sink (g_variant_new_boolean (
        g_list_model_get_n_items (imsg_message_get_attachments (self)) > 0));
    case IMSG_PR_ACCESS & 0xFFFF0000:
      return new_long (writable ? 3 : 2);
    case IMSG_PR_ACCESS_LEVEL & 0xFFFF0000:
      return new_long (writable);
    case IMSG_PR_OBJECT_TYPE & 0xFFFF0000:
      return new_long (5); /* MAPI_MESSAGE */
    case IMSG_PR_STORE_SUPPORT_MASK & 0xFFFF0000:
      return new_long (_imsg_message_is_unicode (self) ? 0x00040E79 : 0x00000E79);
    default:
      return NULL;
    }
}

/* --- at a save --- */

/* Of a message that others have made only those are brought in step that it has: one edit changes
 * what was edited and what says the same thing, nothing else. */
static gboolean
put_if_kept (IMsgMessage  *self,
             guint32       tag,
             GVariant     *value,
             guint32       attributes,
             GError      **error)
{
  g_autoptr(GVariant) sunk = g_variant_ref_sink (value);
  IMsgPropertySlot slot;

  if (!self->is_new && !self->was_created &&
      !_imsg_property_object_lookup (IMSG_PROPERTY_OBJECT (self), tag, &slot))
    return TRUE;
  return _imsg_property_object_put (IMSG_PROPERTY_OBJECT (self), tag, sunk, attributes, error);
}

/* What is made of other text, in the code page of the message: bytes of that which were no text have
 * no place there, and are no reason not to save. */
static GVariant *
new_storable_string (IMsgMessage *self,
                     const char  *text)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (self);
  guint code_page = _imsg_property_object_get_code_page (object);
  g_autoptr(GBytes) bytes = NULL;
  gsize n_replaced = 0;

  if (imsg_property_object_is_unicode (object))
    return g_variant_new_string (text);
  bytes = _imsg_code_page_encode_lossy (code_page, text, strlen (text), &n_replaced);
  if (bytes == NULL || n_replaced == 0)
    return g_variant_new_string (text);
  return g_variant_new_take_string (
    _imsg_code_page_decode (code_page, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                            NULL, NULL));
}

static gboolean
is_beyond_ascii (GBytes *bytes)
{
  gsize n_bytes;
  const guint8 *data = g_bytes_get_data (bytes, &n_bytes);

  for (gsize i = 0; i < n_bytes; i++)
    if (data[i] >= 0x80)
      return TRUE;
  return FALSE;
}

/* Whether text was set that is read in a code page. */
static gboolean
sets_text (IMsgPropertyObject *object)
{
  IMsgPropertyLayerIter iter;
  IMsgPropertyEdit *edit;

  _imsg_property_layer_iter_init (&iter, object->edits, object->staged);
  while ((edit = _imsg_property_layer_iter_next (&iter)) != NULL)
    {
      const IMsgStoredValue *value = &edit->value;

      if (edit->keeps_value ||
          (IMSG_TAG_TYPE (edit->tag) & ~IMSG_MULTI_VALUE_FLAG) != IMSG_PROPERTY_TYPE_STRING8)
        continue;
      if (edit->blob != NULL || (value->bytes != NULL && is_beyond_ascii (value->bytes)))
        return TRUE;
      for (guint i = 0; value->values != NULL && i < value->values->len; i++)
        if (is_beyond_ascii (value->values->pdata[i]))
          return TRUE;
    }
  return FALSE;
}

static gboolean
list_sets_text (IMsgObjectList *list)
{
  for (guint i = 0; list != NULL && i < _imsg_object_list_get_length (list); i++)
    {
      IMsgPropertyObject *object = _imsg_object_list_get_slot (list, i)->object;

      if (object != NULL && sets_text (object))
        return TRUE;
    }
  return FALSE;
}

/* Who reads 8-bit text must know its code page: that of a session or of a caller is not in the
 * file. */
static gboolean
prepare_code_page (IMsgMessage  *self,
                   GError      **error)
{
  if (_imsg_message_is_unicode (self))
    return TRUE;
  if (!self->is_new &&
      (self->code_page_override == 0 ||
       !(sets_text (IMSG_PROPERTY_OBJECT (self)) || list_sets_text (self->recipients) ||
         list_sets_text (self->attachments))))
    return TRUE;
  return _imsg_message_tell_code_page (self, error);
}

static gboolean
prepare_subject (IMsgMessage  *self,
                 GError      **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (self);
  g_autofree char *subject = NULL;
  g_autofree char *stored = NULL;
  g_autofree char *prefix = NULL;
  const char *rest;
  IMsgPropertySlot slot;
  gboolean has_parts;

  if (!_imsg_property_object_is_edited (object, ID (IMSG_PR_SUBJECT)) &&
      !_imsg_property_object_is_edited (object, ID (IMSG_PR_SUBJECT_PREFIX)))
    return TRUE;
  has_parts = self->is_new || self->was_created ||
              _imsg_property_object_lookup (object, IMSG_PR_NORMALIZED_SUBJECT, &slot);
  subject = _imsg_property_object_read_stored_string (object, IMSG_PR_SUBJECT);
  stored = _imsg_property_object_read_stored_string (object, IMSG_PR_SUBJECT_PREFIX);
  if (subject == NULL)
    {
      _imsg_property_object_drop (object, ID (IMSG_PR_NORMALIZED_SUBJECT));
      _imsg_property_object_drop (object, ID (IMSG_PR_SUBJECT_PREFIX));
      return TRUE;
    }

  rest = split_subject (subject, stored, &prefix);
  if (!put_if_kept (self, IMSG_PR_NORMALIZED_SUBJECT, new_storable_string (self, rest),
                    IMSG_PROPERTY_ATTRIBUTES_READABLE, error))
    return FALSE;
  if (prefix != NULL && (has_parts || stored != NULL))
    return _imsg_property_object_put_string (object, IMSG_PR_SUBJECT_PREFIX, prefix, error);
  /* Outlook keeps an empty prefix where there was one */
  if (prefix == NULL && stored != NULL && *stored != '\0')
    return _imsg_property_object_put_string (object, IMSG_PR_SUBJECT_PREFIX, "", error);
  return TRUE;
}

/* Text that changed by itself is out of step with the RTF, whatever was said before. */
static void
prepare_body (IMsgMessage *self)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (self);

  if (_imsg_property_object_is_edited (object, ID (IMSG_PR_BODY)) &&
      !_imsg_property_object_is_edited (object, ID (IMSG_PR_RTF_IN_SYNC)) &&
      !_imsg_property_object_is_edited (object, ID (IMSG_PR_RTF_COMPRESSED)))
    _imsg_property_object_drop (object, ID (IMSG_PR_RTF_IN_SYNC));
}

static gboolean
prepare_recipients (IMsgMessage  *self,
                    GError      **error)
{
  static const guint32 tags[N_RECIPIENT_TYPES] = { 0, IMSG_PR_DISPLAY_TO, IMSG_PR_DISPLAY_CC,
                                                   IMSG_PR_DISPLAY_BCC };
  GString *texts[N_RECIPIENT_TYPES] = { NULL };
  gboolean is_put = TRUE;

  if (!self->recipients_touched && !self->recipients_computed && !self->is_new)
    return TRUE;
  for (guint i = 0; i < N_RECIPIENT_TYPES; i++)
    texts[i] = tags[i] != 0 ? g_string_new (NULL) : NULL;
  compute_display_lists (self, texts);
  for (guint i = 0; i < N_RECIPIENT_TYPES; i++)
    {
      if (texts[i] == NULL)
        continue;
      is_put = is_put && put_if_kept (self, tags[i], new_storable_string (self, texts[i]->str),
                                      IMSG_PROPERTY_ATTRIBUTES_READABLE, error);
      g_string_free (texts[i], TRUE);
    }
  return is_put;
}

/* Whether there are attachments in what a save writes: with layers those that it takes along, all
 * that were saved themselves. */
static gboolean
saves_attachments (IMsgMessage *self,
                   gboolean     layered)
{
  guint n_attachments;

  _imsg_message_ensure_lists (self);
  n_attachments = _imsg_object_list_get_length (self->attachments);
  for (guint i = 0; i < n_attachments; i++)
    {
      const IMsgObjectSlot *slot = _imsg_object_list_get_slot (self->attachments, i);
      const IMsgAttachment *attachment = (const IMsgAttachment *) slot->object;

      if (!layered || slot->is_stored ||
          (attachment != NULL && (attachment->is_saved || attachment->is_staged)))
        return TRUE;
    }
  return FALSE;
}

/* Whether there are attachments that no save of the message has taken along. */
static gboolean
has_new_attachments (IMsgMessage *self)
{
  guint n = self->attachments != NULL ? _imsg_object_list_get_length (self->attachments) : 0;

  return n > 0 && !_imsg_object_list_get_slot (self->attachments, n - 1)->is_stored;
}

static gboolean
prepare_flags (IMsgMessage  *self,
               gboolean      layered,
               GError      **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (self);
  guint32 flags = 0, wanted;
  gboolean has_flags = _imsg_property_object_read_stored_long (object, IMSG_PR_MESSAGE_FLAGS,
                                                               &flags);
  gboolean has_attachments;

  wanted = flags;
  if (self->attachments_touched || self->attachments_computed || self->is_new ||
      has_new_attachments (self) ||
      _imsg_property_object_is_edited (object, ID (IMSG_PR_MESSAGE_FLAGS)))
    {
      has_attachments = saves_attachments (self, layered);
      wanted = has_attachments ? flags | MSGFLAG_HASATTACH : flags & ~(guint32) MSGFLAG_HASATTACH;
      if (!put_if_kept (self, IMSG_PR_HASATTACH, g_variant_new_boolean (has_attachments),
                        IMSG_PROPERTY_ATTRIBUTES_READABLE, error))
        return FALSE;
    }
  if (self->was_created && !self->is_new &&
      (self->structure_changed || _imsg_property_object_has_edits (object)))
    wanted &= ~(guint32) MSGFLAG_UNMODIFIED;
  if (wanted == flags || (!has_flags && !self->is_new))
    return TRUE;
  return _imsg_property_object_put_long (object, IMSG_PR_MESSAGE_FLAGS, wanted, 0, error);
}

/* 1 byte of 1 · the upper 5 bytes of the time after its first · a GUID: [MS-OXOMSG] 2.2.1.3 */
static GVariant *
make_conversation_index (guint64 ticks)
{
  guint8 index[22] = { 1 };
  IMsgGuid guid;

  for (guint i = 0; i < 5; i++)
    index[1 + i] = (guint8) (ticks >> (48 - 8 * i));
  _imsg_guid_random (&guid);
  memcpy (index + 6, guid.bytes, sizeof guid.bytes);
  return g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, index, sizeof index, 1);
}

/* Outlook groups messages by topic and index: of a conversation that begins they are made here. */
static gboolean
prepare_conversation (IMsgMessage  *self,
                      GVariant     *creation,
                      GError      **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (self);
  g_autofree char *rest = compute_normalized_subject (object);
  IMsgPropertySlot slot;

  if (rest == NULL || *rest == '\0' ||
      _imsg_property_object_lookup (object, IMSG_PR_CONVERSATION_TOPIC, &slot))
    return TRUE;
  if (!_imsg_property_object_put_string (object, IMSG_PR_CONVERSATION_TOPIC, rest, error))
    return FALSE;
  return _imsg_property_object_lookup (object, IMSG_PR_CONVERSATION_INDEX, &slot) ||
         _imsg_property_object_put (object, IMSG_PR_CONVERSATION_INDEX,
                                    make_conversation_index (g_variant_get_uint64 (creation)), 0,
                                    error);
}

typedef struct
{
  guint32 name;
  guint32 type;
  guint32 address;
  guint32 entry_id;
  guint32 search_key;
} PersonTags;

static gboolean
put_text_if_absent (IMsgPropertyObject  *object,
                    guint32              tag,
                    const char          *text,
                    GError             **error)
{
  IMsgPropertySlot slot;

  return _imsg_property_object_lookup (object, tag, &slot) ||
         _imsg_property_object_put_string (object, tag, text, error);
}

static gboolean
put_bytes_if_absent (IMsgPropertyObject  *object,
                     guint32              tag,
                     GBytes              *bytes,
                     GError             **error)
{
  g_autoptr(GVariant) value =
    g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, bytes, TRUE));
  IMsgPropertySlot slot;

  return _imsg_property_object_lookup (object, tag, &slot) ||
         _imsg_property_object_put (object, tag, value, 0, error);
}

/* Completes what is said of a person who has an address: without an entry id the address can be
 * lost when the message is edited. */
static gboolean
prepare_person (IMsgMessage       *self,
                const PersonTags  *tags,
                const PersonTags  *other,
                GError           **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (self);
  IMsgPropertySlot slot;
  gboolean is_absent = !_imsg_property_object_lookup (object, tags->address, &slot);
  const PersonTags *source = is_absent ? other : tags;
  g_autofree char *name = _imsg_property_object_read_stored_string (object, source->name);
  g_autofree char *type = _imsg_property_object_read_stored_string (object, source->type);
  g_autofree char *address = _imsg_property_object_read_stored_string (object, source->address);
  g_autoptr(GBytes) entry_id = NULL;
  g_autoptr(GBytes) search_key = NULL;

  if (address == NULL || type == NULL)
    return TRUE;
  if (name == NULL)
    name = g_strdup (address);
  entry_id = _imsg_one_off_build (name, type, address, imsg_property_object_is_unicode (object),
                                  _imsg_property_object_get_code_page (object));
  search_key = _imsg_search_key_build (type, address);
  return put_text_if_absent (object, tags->name, name, error) &&
         put_text_if_absent (object, tags->type, type, error) &&
         put_text_if_absent (object, tags->address, address, error) &&
         put_bytes_if_absent (object, tags->entry_id, entry_id, error) &&
         put_bytes_if_absent (object, tags->search_key, search_key, error);
}

/* Who sends a message and for whom go together; one stands for both where the other is not said. */
static gboolean
prepare_people (IMsgMessage  *self,
                GError      **error)
{
  static const PersonTags sender = {
    IMSG_PR_SENDER_NAME, IMSG_PR_SENDER_ADDRTYPE, IMSG_PR_SENDER_EMAIL_ADDRESS,
    IMSG_PR_SENDER_ENTRYID, IMSG_PR_SENDER_SEARCH_KEY,
  };
  static const PersonTags represented = {
    IMSG_PR_SENT_REPRESENTING_NAME, IMSG_PR_SENT_REPRESENTING_ADDRTYPE,
    IMSG_PR_SENT_REPRESENTING_EMAIL_ADDRESS, IMSG_PR_SENT_REPRESENTING_ENTRYID,
    IMSG_PR_SENT_REPRESENTING_SEARCH_KEY,
  };

  return prepare_person (self, &sender, &represented, error) &&
         prepare_person (self, &represented, &sender, error);
}

static gboolean
put_record_key (IMsgPropertyObject  *object,
                GError             **error)
{
  IMsgGuid key;

  _imsg_guid_random (&key);
  return _imsg_property_object_put (object, IMSG_PR_RECORD_KEY,
                                    g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, key.bytes,
                                                               sizeof key.bytes, 1),
                                    IMSG_PROPERTY_ATTRIBUTES_READABLE, error);
}

/* A message that was made here may have been saved before it had a subject. */
static gboolean
prepare_topic (IMsgMessage  *self,
               GError      **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (self);
  g_autoptr(GVariant) creation = NULL;

  if (!self->was_created || !_imsg_property_object_is_edited (object, ID (IMSG_PR_SUBJECT)))
    return TRUE;
  creation = _imsg_property_object_read_stored (object, IMSG_PR_CREATION_TIME, NULL);
  return creation == NULL || prepare_conversation (self, creation, error);
}

/* What a message must have when it is saved for the first time. */
static gboolean
prepare_new (IMsgMessage  *self,
             GError      **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (self);
  g_autoptr(GVariant) creation = NULL;
  IMsgPropertySlot slot;

  if (!_imsg_property_object_lookup (object, IMSG_PR_MESSAGE_CLASS, &slot) &&
      !_imsg_property_object_put_string (object, IMSG_PR_MESSAGE_CLASS, "IPM", error))
    return FALSE;
  if (!_imsg_property_object_lookup (object, IMSG_PR_RECORD_KEY, &slot) &&
      !put_record_key (object, error))
    return FALSE;
  creation = _imsg_property_object_read_stored (object, IMSG_PR_CREATION_TIME, NULL);
  if (creation == NULL)
    {
      creation = g_variant_ref_sink (g_variant_new_uint64 (_imsg_filetime_now ()));
      if (!_imsg_property_object_put (object, IMSG_PR_CREATION_TIME, creation,
                                      IMSG_PROPERTY_ATTRIBUTES_READABLE, error))
        return FALSE;
    }
  if (!prepare_conversation (self, creation, error) || !prepare_people (self, error))
    return FALSE;
  if (_imsg_property_object_lookup (object, IMSG_PR_LAST_MODIFICATION_TIME, &slot))
    return TRUE;
  return _imsg_property_object_put (object, IMSG_PR_LAST_MODIFICATION_TIME, creation,
                                    IMSG_PROPERTY_ATTRIBUTES_READABLE, error);
}

/* The time of a save, unless who changed the message says another */
static gboolean
prepare_time (IMsgMessage  *self,
              GError      **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (self);
  g_autoptr(GVariant) now = NULL;
  IMsgPropertySlot slot;

  if (self->is_new ||
      (_imsg_property_object_is_edited (object, ID (IMSG_PR_LAST_MODIFICATION_TIME)) &&
       _imsg_property_object_lookup (object, IMSG_PR_LAST_MODIFICATION_TIME, &slot)))
    return TRUE;
  now = g_variant_ref_sink (g_variant_new_uint64 (_imsg_filetime_now ()));
  return _imsg_property_object_put (object, IMSG_PR_LAST_MODIFICATION_TIME, now,
                                    IMSG_PROPERTY_ATTRIBUTES_READABLE, error);
}

/* PR_MESSAGE_SIZE of a message that is not new stays as it is, and PR_LAST_MODIFICATION_TIME too
 * unless MAPI saves: they would change with every edit, and a file says itself how large and how
 * old it is. */
gboolean
_imsg_message_prepare (IMsgMessage  *self,
                       gboolean      with_time,
                       GError      **error)
{
  if (!imsg_property_object_is_modified (IMSG_PROPERTY_OBJECT (self)) && !self->is_new)
    return TRUE;
  prepare_body (self);
  return prepare_code_page (self, error) && prepare_subject (self, error) &&
         prepare_recipients (self, error) && prepare_flags (self, with_time, error) &&
         (!with_time || prepare_time (self, error)) &&
         (self->is_new ? prepare_new (self, error) : prepare_topic (self, error));
}
