/* imsg-mime-import-people.c - who wrote an imported message, and to whom ([MS-OXCMAIL] 2.2.1)
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-entry-id-private.h"
#include "imsg-mime-import-private.h"
#include "imsg-mime-mailbox-private.h"
#include "imsg-mime-words-private.h"
#include "imsg-property-tags.h"
#include "imsg-recipient-private.h"

/* A person's properties. */
typedef struct
{
  guint32 name;
  guint32 address_type;
  guint32 address;
  guint32 smtp;
  guint32 entry_id;
  guint32 search_key;
} PersonTags;

static const PersonTags sender_tags = { IMSG_PR_SENDER_NAME, IMSG_PR_SENDER_ADDRTYPE,
                                        IMSG_PR_SENDER_EMAIL_ADDRESS, 0x5D01001F,
                                        IMSG_PR_SENDER_ENTRYID, IMSG_PR_SENDER_SEARCH_KEY };
static const PersonTags represented_tags = {
  IMSG_PR_SENT_REPRESENTING_NAME, IMSG_PR_SENT_REPRESENTING_ADDRTYPE,
  IMSG_PR_SENT_REPRESENTING_EMAIL_ADDRESS, 0x5D02001F, IMSG_PR_SENT_REPRESENTING_ENTRYID,
  IMSG_PR_SENT_REPRESENTING_SEARCH_KEY
};
static const PersonTags received_tags = { 0x0040001F, 0x0075001F, 0x0076001F, 0x5D07001F,
                                          IMSG_PR_RECEIVED_BY_ENTRYID,
                                          IMSG_PR_RECEIVED_BY_SEARCH_KEY };
static const PersonTags receipt_tags = { 0x402B001F, 0x4029001F,
                                         0x402A001F, 0x5D05001F,
                                         IMSG_PR_READ_RECEIPT_ENTRYID,
                                         IMSG_PR_READ_RECEIPT_SEARCH_KEY };

/* "undisclosed-recipients:;" and its kind say that nobody is named. */
static gboolean
is_nobody (const char *name)
{
  static const char *const words[] = { "undisclosed", "unlisted", "unspecified", "suppressed",
                                       "no recipient", "not shown", "hidden" };
  g_autofree char *folded = g_utf8_casefold (name, -1);

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (strstr (folded, words[i]) != NULL)
      return TRUE;
  return *folded == '\0';
}

/* All headers of that name, as GMime would not read all that mailers write. Those without an
 * address only if has_nameless: the name is worth keeping. */
static GArray *
list_people (IMsgMimeImport *import,
             GMimeMessage   *mime,
             const char     *name,
             gboolean        has_nameless)
{
  GMimeHeaderList *headers = g_mime_object_get_header_list (GMIME_OBJECT (mime));
  int n_headers = g_mime_header_list_get_count (headers);
  g_autoptr(GArray) all = _imsg_mailbox_array_new ();
  GArray *people = _imsg_mailbox_array_new ();

  for (int i = 0; i < n_headers; i++)
    {
      GMimeHeader *header = g_mime_header_list_get_header_at (headers, i);
      const char *raw = g_mime_header_get_raw_value (header);
      g_autofree char *decoded = NULL;

      if (raw == NULL || g_ascii_strcasecmp (g_mime_header_get_name (header), name) != 0)
        continue;
      decoded = _imsg_mime_decode_raw (raw, import->charset);
      _imsg_mime_parse_mailboxes (decoded != NULL ? decoded : raw, all);
    }
  for (guint i = 0; i < all->len; i++)
    {
      IMsgMailbox *person = &g_array_index (all, IMsgMailbox, i);

      if (person->address == NULL && (!has_nameless || is_nobody (person->name)))
        continue;
      if (person->address != NULL)
        {
          char *address = _imsg_mime_to_ascii_address (person->address);

          g_free (person->address);
          person->address = address;
        }
      if (person->name == NULL)
        person->name = g_strdup (person->address);
      g_array_append_val (people, *person);
      memset (person, 0, sizeof *person);
    }
  return people;
}

static gboolean
set_person (IMsgMessage        *message,
            const PersonTags   *tags,
            const IMsgMailbox  *person,
            GError            **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  g_autofree char *type = NULL;
  g_autofree char *address = NULL;
  g_autoptr(GBytes) entry_id = NULL;
  g_autoptr(GBytes) search_key = NULL;

  if (!_imsg_imcea_decode (person->address, &type, &address))
    {
      type = g_strdup ("SMTP");
      address = g_strdup (person->address);
    }
  entry_id = _imsg_one_off_build (person->name, type, address, TRUE, 0);
  search_key = _imsg_search_key_build (type, address);
  return imsg_property_object_set_string (object, tags->name, person->name, error) &&
         imsg_property_object_set_string (object, tags->address_type, type, error) &&
         imsg_property_object_set_string (object, tags->address, address, error) &&
         imsg_property_object_set_string (object, tags->smtp, person->address, error) &&
         imsg_property_object_set_bytes (object, tags->entry_id, entry_id, error) &&
         imsg_property_object_set_bytes (object, tags->search_key, search_key, error);
}

gboolean
_imsg_mime_set_person (IMsgMessage      *message,
                       IMsgAddressRole   role,
                       const char       *name,
                       const char       *address,
                       GError          **error)
{
  static const PersonTags *const tags[] = {
    [IMSG_ADDRESS_ROLE_SENDER] = &sender_tags,
    [IMSG_ADDRESS_ROLE_SENT_REPRESENTING] = &represented_tags,
    [IMSG_ADDRESS_ROLE_RECEIVED_BY] = &received_tags,
  };
  g_autofree char *own_name = g_strdup (name != NULL ? name : address);
  g_autofree char *own_address = g_strdup (address);
  const IMsgMailbox person = { own_name, own_address };

  return set_person (message, tags[role], &person, error);
}

static gboolean
add_recipients (IMsgMimeImport     *import,
                IMsgMessage        *message,
                GMimeMessage       *mime,
                const char         *header,
                IMsgRecipientType   type,
                GError            **error)
{
  g_autoptr(GArray) people = list_people (import, mime, header, TRUE);

  for (guint i = 0; i < people->len; i++)
    {
      const IMsgMailbox *person = &g_array_index (people, IMsgMailbox, i);
      g_autofree char *encapsulated_type = NULL;
      g_autofree char *encapsulated = NULL;
      g_autofree char *typed = NULL;
      g_autoptr(IMsgRecipient) recipient = NULL;

      /* with its type in front, as a colon in an address would be taken for one */
      if (person->address != NULL)
        typed = _imsg_imcea_decode (person->address, &encapsulated_type, &encapsulated)
                  ? g_strdup_printf ("%s:%s", encapsulated_type, encapsulated)
                  : g_strconcat ("SMTP:", person->address, NULL);
      recipient = imsg_message_add_recipient (message, type, person->name, typed, error);
      if (recipient == NULL ||
          (encapsulated != NULL &&
           !imsg_property_object_set_string (IMSG_PROPERTY_OBJECT (recipient),
                                             IMSG_PR_SMTP_ADDRESS, person->address, error)))
        return FALSE;
    }
  return TRUE;
}

static gboolean
set_reply_to (IMsgMimeImport  *import,
              IMsgMessage     *message,
              GMimeMessage    *mime,
              GError         **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  g_autoptr(GArray) people = list_people (import, mime, "Reply-To", FALSE);
  g_autoptr(GPtrArray) entry_ids =
    g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr(GString) names = g_string_new (NULL);
  g_autoptr(GBytes) entries = NULL;

  if (people->len == 0)
    return TRUE;
  for (guint i = 0; i < people->len; i++)
    {
      const IMsgMailbox *person = &g_array_index (people, IMsgMailbox, i);

      g_ptr_array_add (entry_ids,
                       _imsg_one_off_build (person->name, "SMTP", person->address, TRUE, 0));
      g_string_append_printf (names, "%s%s", i > 0 ? "; " : "", person->name);
    }
  entries = _imsg_flat_entry_list_build (entry_ids);
  return imsg_property_object_set_bytes (object, IMSG_PR_REPLY_RECIPIENT_ENTRIES, entries, error) &&
         imsg_property_object_set_string (object, IMSG_PR_REPLY_RECIPIENT_NAMES, names->str, error);
}

static gboolean
import_receipts (IMsgMimeImport  *import,
                 IMsgMessage     *message,
                 GMimeMessage    *mime,
                 GError         **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  g_autofree char *read = _imsg_mime_get_header (mime, "Disposition-Notification-To");

  if (read != NULL)
    {
      g_autoptr(GArray) people = list_people (import, mime, "Disposition-Notification-To", FALSE);

      if (!imsg_property_object_set_boolean (object, IMSG_PR_READ_RECEIPT_REQUESTED, TRUE, error) ||
          !imsg_property_object_set_boolean (object, IMSG_PR_NON_RECEIPT_NOTIFICATION_REQUESTED,
                                             TRUE, error))
        return FALSE;
      if (people->len > 0 &&
          !set_person (message, &receipt_tags, &g_array_index (people, IMsgMailbox, 0), error))
        return FALSE;
    }
  return g_mime_object_get_header (GMIME_OBJECT (mime), "Return-Receipt-To") == NULL ||
         imsg_property_object_set_boolean (object, IMSG_PR_ORIGINATOR_DELIVERY_REPORT_REQUESTED,
                                           TRUE, error);
}

static gboolean
import_nameless_author (IMsgMimeImport  *import,
                        IMsgMessage     *message,
                        GMimeMessage    *mime,
                        GError         **error)
{
  g_autoptr(GArray) people = list_people (import, mime, "From", TRUE);
  const IMsgMailbox *person =
    people->len > 0 ? &g_array_index (people, IMsgMailbox, 0) : NULL;

  return person == NULL ||
         (_imsg_mime_set_text (message, IMSG_PR_SENT_REPRESENTING_NAME, person->name, error) &&
          _imsg_mime_set_text (message, IMSG_PR_SENDER_NAME, person->name, error));
}

/* The first, but for "Someone@Company, Inc <one@example.org>", where it is what a comma left. */
static const IMsgMailbox *
choose_author (GArray *people)
{
  for (guint i = 0; i < people->len; i++)
    {
      const IMsgMailbox *person = &g_array_index (people, IMsgMailbox, i);
      const char *at = strrchr (person->address, '@');

      if (at != NULL && strchr (at, '.') != NULL)
        return person;
    }
  return people->len > 0 ? &g_array_index (people, IMsgMailbox, 0) : NULL;
}

gboolean
_imsg_mime_import_people (IMsgMimeImport  *import,
                          IMsgMessage     *message,
                          GMimeMessage    *mime,
                          GError         **error)
{
  g_autoptr(GArray) authors = list_people (import, mime, "From", FALSE);
  g_autoptr(GArray) senders = list_people (import, mime, "Sender", FALSE);
  const IMsgMailbox *author = choose_author (authors);
  const IMsgMailbox *sender = senders->len > 0 ? choose_author (senders) : author;

  if (author == NULL && !import_nameless_author (import, message, mime, error))
    return FALSE;
  if (author != NULL && !set_person (message, &represented_tags, author, error))
    return FALSE;
  if (sender != NULL && !set_person (message, &sender_tags, sender, error))
    return FALSE;
  return add_recipients (import, message, mime, "To", IMSG_RECIPIENT_TYPE_TO, error) &&
         add_recipients (import, message, mime, "Cc", IMSG_RECIPIENT_TYPE_CC, error) &&
         add_recipients (import, message, mime, "Bcc", IMSG_RECIPIENT_TYPE_BCC, error) &&
         set_reply_to (import, message, mime, error) &&
         import_receipts (import, message, mime, error);
}
