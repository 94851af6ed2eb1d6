/* imsg-mime-import-people.c - who wrote an imported message, and to whom ([MS-OXCMAIL] 2.2.1)
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-entry-id-private.h"
#include "imsg-mime-import-private.h"
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

/* RFC 5322 has no group in a group; deeper ones are not followed. */
#define MAX_GROUP_DEPTH 8

/* Mailboxes of a list, groups flattened, each with its name in valid UTF-8; no address for a name
 * alone. */
typedef struct
{
  char *name;
  char *address;
} Person;

static void
person_clear (gpointer data)
{
  Person *person = data;

  g_free (person->name);
  g_free (person->address);
}

/* A name on one line, in valid UTF-8. */
static char *
clean_name (const char *name)
{
  g_autofree char *valid = g_utf8_make_valid (name, -1);
  g_autoptr(GString) clean = g_string_new (NULL);

  for (const char *c = g_strstrip (valid); *c != '\0'; c++)
    if (strchr (" \t\r\n", *c) == NULL)
      g_string_append_c (clean, *c);
    else if (!g_str_has_suffix (clean->str, " "))
      g_string_append_c (clean, ' ');
  return g_string_free (g_steal_pointer (&clean), FALSE);
}

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

/* "Name:;" is how somebody without an Internet address goes out: the name is worth keeping. */
static void
collect_nameless (InternetAddress *group,
                  GArray          *people)
{
  InternetAddressList *members =
    internet_address_group_get_members (INTERNET_ADDRESS_GROUP (group));
  const char *name = internet_address_get_name (group);
  Person person = { NULL };

  if (name == NULL || (members != NULL && internet_address_list_length (members) > 0))
    return;
  person.name = clean_name (name);
  if (is_nobody (person.name))
    person_clear (&person);
  else
    g_array_append_val (people, person);
}

/* GMime gives the domain as people read it; what can be answered is what was in the header. */
static char *
dup_mailbox (const char *mailbox)
{
  g_autofree char *valid = g_utf8_make_valid (mailbox, -1);

  return _imsg_mime_to_ascii_address (valid);
}

static void
collect_people (InternetAddressList *list,
                GArray              *people,
                gboolean             has_nameless,
                guint                depth)
{
  for (int i = 0; list != NULL && i < internet_address_list_length (list); i++)
    {
      InternetAddress *address = internet_address_list_get_address (list, i);
      const char *name = internet_address_get_name (address);
      const char *mailbox;
      Person person;

      if (INTERNET_ADDRESS_IS_GROUP (address))
        {
          if (depth < MAX_GROUP_DEPTH)
            collect_people (internet_address_group_get_members (INTERNET_ADDRESS_GROUP (address)),
                            people, has_nameless, depth + 1);
          if (has_nameless)
            collect_nameless (address, people);
          continue;
        }
      mailbox = internet_address_mailbox_get_addr (INTERNET_ADDRESS_MAILBOX (address));
      if (mailbox == NULL || *mailbox == '\0')
        continue;
      person.address = dup_mailbox (mailbox);
      person.name = name != NULL ? clean_name (name) : g_strdup ("");
      if (*person.name == '\0')
        {
          g_free (person.name);
          person.name = g_strdup (person.address);
        }
      g_array_append_val (people, person);
    }
}

static GArray *
list_people (InternetAddressList *list,
             gboolean             has_nameless)
{
  GArray *people = g_array_new (FALSE, FALSE, sizeof (Person));

  g_array_set_clear_func (people, person_clear);
  collect_people (list, people, has_nameless, 0);
  return people;
}

static gboolean
set_person (IMsgMessage      *message,
            const PersonTags *tags,
            const Person     *person,
            GError          **error)
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
_imsg_mime_set_received_by (IMsgMessage *message,
                            const char  *name,
                            const char  *address,
                            GError     **error)
{
  g_autofree char *own_name = g_strdup (name != NULL ? name : address);
  g_autofree char *own_address = g_strdup (address);
  const Person person = { own_name, own_address };

  return set_person (message, &received_tags, &person, error);
}

static gboolean
add_recipients (IMsgMessage         *message,
                InternetAddressList *list,
                IMsgRecipientType    type,
                GError             **error)
{
  g_autoptr(GArray) people = list_people (list, TRUE);

  for (guint i = 0; i < people->len; i++)
    {
      const Person *person = &g_array_index (people, Person, i);
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
set_reply_to (IMsgMessage         *message,
              InternetAddressList *list,
              GError             **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  g_autoptr(GArray) people = list_people (list, FALSE);
  g_autoptr(GPtrArray) entry_ids =
    g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr(GString) names = g_string_new (NULL);
  g_autoptr(GBytes) entries = NULL;

  if (people->len == 0)
    return TRUE;
  for (guint i = 0; i < people->len; i++)
    {
      const Person *person = &g_array_index (people, Person, i);

      g_ptr_array_add (entry_ids,
                       _imsg_one_off_build (person->name, "SMTP", person->address, TRUE, 0));
      g_string_append_printf (names, "%s%s", i > 0 ? "; " : "", person->name);
    }
  entries = _imsg_flat_entry_list_build (entry_ids);
  return imsg_property_object_set_bytes (object, IMSG_PR_REPLY_RECIPIENT_ENTRIES, entries, error) &&
         imsg_property_object_set_string (object, IMSG_PR_REPLY_RECIPIENT_NAMES, names->str, error);
}

static gboolean
import_receipts (IMsgMessage  *message,
                 GMimeMessage *mime,
                 GError      **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  g_autofree char *read = _imsg_mime_get_header (mime, "Disposition-Notification-To");

  if (read != NULL)
    {
      InternetAddressList *list = internet_address_list_parse (NULL, read);
      g_autoptr(GArray) people = list_people (list, FALSE);

      g_clear_object (&list);
      if (!imsg_property_object_set_boolean (object, IMSG_PR_READ_RECEIPT_REQUESTED, TRUE, error) ||
          !imsg_property_object_set_boolean (object, IMSG_PR_NON_RECEIPT_NOTIFICATION_REQUESTED,
                                             TRUE, error))
        return FALSE;
      if (people->len > 0 &&
          !set_person (message, &receipt_tags, &g_array_index (people, Person, 0), error))
        return FALSE;
    }
  return g_mime_object_get_header (GMIME_OBJECT (mime), "Return-Receipt-To") == NULL ||
         imsg_property_object_set_boolean (object, IMSG_PR_ORIGINATOR_DELIVERY_REPORT_REQUESTED,
                                           TRUE, error);
}

static gboolean
import_nameless_author (IMsgMessage         *message,
                        InternetAddressList *list,
                        GError             **error)
{
  g_autoptr(GArray) people = list_people (list, TRUE);
  const Person *person = people->len > 0 ? &g_array_index (people, Person, 0) : NULL;

  return person == NULL ||
         (_imsg_mime_set_text (message, IMSG_PR_SENT_REPRESENTING_NAME, person->name, error) &&
          _imsg_mime_set_text (message, IMSG_PR_SENDER_NAME, person->name, error));
}

gboolean
_imsg_mime_import_people (IMsgMessage   *message,
                          GMimeMessage  *mime,
                          GError       **error)
{
  g_autoptr(GArray) authors = list_people (g_mime_message_get_from (mime), FALSE);
  g_autoptr(GArray) senders = list_people (g_mime_message_get_sender (mime), FALSE);
  const GArray *sender = senders->len > 0 ? senders : authors;

  if (authors->len == 0 &&
      !import_nameless_author (message, g_mime_message_get_from (mime), error))
    return FALSE;
  if (authors->len > 0 &&
      !set_person (message, &represented_tags, &g_array_index (authors, Person, 0), error))
    return FALSE;
  if (sender->len > 0 &&
      !set_person (message, &sender_tags, &g_array_index (sender, Person, 0), error))
    return FALSE;
  return add_recipients (message, g_mime_message_get_to (mime), IMSG_RECIPIENT_TYPE_TO, error) &&
         add_recipients (message, g_mime_message_get_cc (mime), IMSG_RECIPIENT_TYPE_CC, error) &&
         add_recipients (message, g_mime_message_get_bcc (mime), IMSG_RECIPIENT_TYPE_BCC, error) &&
         set_reply_to (message, g_mime_message_get_reply_to (mime), error) &&
         import_receipts (message, mime, error);
}

