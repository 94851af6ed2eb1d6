/* imsg-address.c - who somebody is: name, stored address, and the Internet address found for it
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-address.h"
#include "imsg-entry-id-private.h"
#include "imsg-mime-header-private.h"
#include "imsg-mime-mailbox-private.h"
#include "imsg-property-tags.h"

/**
 * IMsgAddress:
 *
 * Who somebody is: a name, the address as stored, and the Internet address found for it.
 *
 * Exchange names people by X.500 names (`/o=…/cn=…`), which no Internet mail can be sent to. The
 * Internet address is looked for in documented steps, and the address tells which one found it
 * ([method@IMsg.Address.get_step]); none is ever invented.
 *
 * Immutable; may cross threads.
 *
 * Since: 1.0
 */
struct _IMsgAddress
{
  gatomicrefcount  ref_count;
  char            *name;
  char            *address_type;
  char            *address;
  char            *smtp;
  IMsgAddressStep  step;
};

/**
 * IMsgAddressStep:
 * @IMSG_ADDRESS_STEP_NONE: no Internet address was found
 * @IMSG_ADDRESS_STEP_SMTP_TYPE: the address type is SMTP, so the stored address is one
 * @IMSG_ADDRESS_STEP_SMTP_PROPERTY: `PR_SMTP_ADDRESS` or its like for the role
 * @IMSG_ADDRESS_STEP_ONE_OFF_ENTRY_ID: a one-off entry id of type SMTP
 * @IMSG_ADDRESS_STEP_LOOKS_LIKE_SMTP: the stored address looks like one, whatever its type
 * @IMSG_ADDRESS_STEP_SEARCH_KEY: a search key that begins with `SMTP:`
 * @IMSG_ADDRESS_STEP_TRANSPORT_HEADERS: the From, Sender or Reply-To header the message came with
 * @IMSG_ADDRESS_STEP_RECIPIENT: a recipient with the same stored address
 *
 * The step that found an Internet address, in the order they are tried.
 *
 * Since: 1.0
 */

/**
 * IMsgAddressRole:
 * @IMSG_ADDRESS_ROLE_SENDER: who sent it
 * @IMSG_ADDRESS_ROLE_SENT_REPRESENTING: in whose name it was sent: the From of Internet mail
 * @IMSG_ADDRESS_ROLE_RECEIVED_BY: who received it
 * @IMSG_ADDRESS_ROLE_RECEIVED_REPRESENTING: in whose name it was received
 * @IMSG_ADDRESS_ROLE_READ_RECEIPT: who is told that it was read
 *
 * The part somebody plays for a message, apart from its recipients.
 *
 * Since: 1.0
 */

G_DEFINE_BOXED_TYPE (IMsgAddress, imsg_address, imsg_address_ref, imsg_address_unref)

/* The properties that describe one person. */
typedef struct
{
  guint32 name;
  guint32 address_type;
  guint32 address;
  guint32 entry_id;
  guint32 smtp;
  guint32 search_key;
} AddressTags;

static const AddressTags role_tags[] = {
  [IMSG_ADDRESS_ROLE_SENDER] = { 0x0C1A001F, 0x0C1E001F, 0x0C1F001F, 0x0C190102, 0x5D01001F,
                                 0x0C1D0102 },
  [IMSG_ADDRESS_ROLE_SENT_REPRESENTING] = { 0x0042001F, 0x0064001F, 0x0065001F, 0x00410102,
                                            0x5D02001F, 0x003B0102 },
  [IMSG_ADDRESS_ROLE_RECEIVED_BY] = { 0x0040001F, 0x0075001F, 0x0076001F, 0x003F0102, 0x5D07001F,
                                      0x00510102 },
  [IMSG_ADDRESS_ROLE_RECEIVED_REPRESENTING] = { 0x0044001F, 0x0077001F, 0x0078001F, 0x00430102,
                                                0x5D08001F, 0x00520102 },
  [IMSG_ADDRESS_ROLE_READ_RECEIPT] = { 0x402B001F, 0x4029001F, 0x402A001F, 0x00460102, 0x5D05001F,
                                       0x00530102 },
};

static const AddressTags recipient_tags = { 0x3001001F, 0x3002001F, 0x3003001F, 0x0FFF0102,
                                            0x39FE001F, 0x300B0102 };

/* Where a header of the transport may speak for a role: NULL where none does. */
static const char *const role_headers[] = {
  [IMSG_ADDRESS_ROLE_SENDER] = "Sender",
  [IMSG_ADDRESS_ROLE_SENT_REPRESENTING] = "From",
  [IMSG_ADDRESS_ROLE_RECEIVED_BY] = NULL,
  [IMSG_ADDRESS_ROLE_RECEIVED_REPRESENTING] = NULL,
  [IMSG_ADDRESS_ROLE_READ_RECEIPT] = NULL,
};

/* A local part, one @, a domain, and nothing that would end an address. */
static gboolean
looks_like_smtp (const char *address)
{
  const char *at;

  if (address == NULL || *address == '/' || (at = strrchr (address, '@')) == NULL)
    return FALSE;
  if (at == address || at[1] == '\0')
    return FALSE;
  return strpbrk (address, " \t\r\n<>,;") == NULL;
}

/* Some writers put the name around the address: "Name <who@example.org>". */
static char *
bare_address (const char *address)
{
  const char *begin = strrchr (address, '<');
  const char *end = begin != NULL ? strchr (begin, '>') : NULL;
  char *bare;

  if (end == NULL)
    return g_strdup (address);
  bare = g_strstrip (g_strndup (begin + 1, (gsize) (end - begin - 1)));
  if (looks_like_smtp (bare))
    return bare;
  g_free (bare);
  return g_strdup (address);
}

static char *
get_text (IMsgPropertyObject *object,
          guint32             tag)
{
  char *text = imsg_property_object_get_string (object, tag);

  if (text != NULL && *text == '\0')
    g_clear_pointer (&text, g_free);
  return text;
}

/* "SMTP:WHO@EXAMPLE.ORG" and a NUL; the case was lost when the key was made. */
static char *
smtp_from_search_key (IMsgPropertyObject *object,
                      guint32             tag)
{
  g_autoptr(GBytes) bytes = imsg_property_object_get_bytes (object, tag);
  g_autofree char *text = NULL;
  gsize n_bytes;
  const char *data;

  if (bytes == NULL)
    return NULL;
  data = g_bytes_get_data (bytes, &n_bytes);
  if (n_bytes < 6 || g_ascii_strncasecmp (data, "SMTP:", 5) != 0)
    return NULL;
  text = g_strndup (data + 5, n_bytes - 5);
  if (!g_str_is_ascii (text) || !looks_like_smtp (text))
    return NULL;
  return g_ascii_strdown (text, -1);
}

/* (element-type IMsgMailbox): those of the first header of that name which the message came with. */
static GArray *
list_transport_mailboxes (IMsgPropertyObject *object,
                          const char         *header)
{
  g_autofree char *headers = get_text (object, IMSG_PR_TRANSPORT_MESSAGE_HEADERS);
  g_autofree char *value = _imsg_mime_find_transport_header (headers, header);
  GArray *mailboxes = _imsg_mailbox_array_new ();

  if (value != NULL)
    _imsg_mime_parse_mailboxes (value, mailboxes);
  return mailboxes;
}

/* Without regard to case, in any alphabet. */
static gboolean
is_same_name (const char *name,
              const char *other)
{
  g_autofree char *folded = g_utf8_casefold (name, -1);
  g_autofree char *other_folded = g_utf8_casefold (other, -1);

  return strcmp (folded, other_folded) == 0;
}

/* The first that has an address, and the name when one of them is known. */
static const IMsgMailbox *
find_mailbox (GArray     *mailboxes,
              const char *name)
{
  for (guint i = 0; i < mailboxes->len; i++)
    {
      const IMsgMailbox *mailbox = &g_array_index (mailboxes, IMsgMailbox, i);

      if (looks_like_smtp (mailbox->address) &&
          (name == NULL || mailbox->name == NULL || is_same_name (mailbox->name, name)))
        return mailbox;
    }
  return NULL;
}

static void
take_mailbox (IMsgAddress       *self,
              const IMsgMailbox *mailbox)
{
  self->smtp = g_strdup (mailbox->address);
  self->step = IMSG_ADDRESS_STEP_TRANSPORT_HEADERS;
  if (self->name == NULL)
    self->name = g_strdup (mailbox->name);
}

/* Tries the steps in their order; fills in name and address from the entry id where they lack. */
static IMsgAddress *
resolve (IMsgPropertyObject *object,
         const AddressTags  *tags,
         const char         *header,
         guint               code_page)
{
  IMsgAddress *self = g_new0 (IMsgAddress, 1);
  g_autoptr(GBytes) entry_id = NULL;
  IMsgEntryIdPerson person = { NULL };

  g_atomic_ref_count_init (&self->ref_count);
  self->name = get_text (object, tags->name);
  self->address_type = get_text (object, tags->address_type);
  self->address = get_text (object, tags->address);

  entry_id = imsg_property_object_get_bytes (object, tags->entry_id);
  if (entry_id != NULL)
    _imsg_entry_id_parse (g_bytes_get_data (entry_id, NULL), g_bytes_get_size (entry_id),
                          code_page, &person);

  if (self->address != NULL && self->address_type != NULL &&
      g_ascii_strcasecmp (self->address_type, "SMTP") == 0)
    {
      self->smtp = bare_address (self->address);
      self->step = IMSG_ADDRESS_STEP_SMTP_TYPE;
    }
  else if ((self->smtp = get_text (object, tags->smtp)) != NULL)
    self->step = IMSG_ADDRESS_STEP_SMTP_PROPERTY;
  else if (person.address_type != NULL && looks_like_smtp (person.address) &&
           g_ascii_strcasecmp (person.address_type, "SMTP") == 0)
    {
      self->smtp = g_strdup (person.address);
      self->step = IMSG_ADDRESS_STEP_ONE_OFF_ENTRY_ID;
    }
  else if (looks_like_smtp (self->address))
    {
      self->smtp = g_strdup (self->address);
      self->step = IMSG_ADDRESS_STEP_LOOKS_LIKE_SMTP;
    }
  else if ((self->smtp = smtp_from_search_key (object, tags->search_key)) != NULL)
    self->step = IMSG_ADDRESS_STEP_SEARCH_KEY;
  else if (header != NULL)
    {
      g_autoptr(GArray) mailboxes = list_transport_mailboxes (object, header);
      const IMsgMailbox *mailbox = find_mailbox (mailboxes, self->name);

      if (mailbox != NULL)
        take_mailbox (self, mailbox);
    }

  if (self->name == NULL && person.name != NULL && *person.name != '\0')
    self->name = g_steal_pointer (&person.name);
  if (self->address == NULL && person.address != NULL && *person.address != '\0')
    {
      self->address = g_steal_pointer (&person.address);
      g_free (self->address_type);
      self->address_type = g_steal_pointer (&person.address_type);
    }
  _imsg_entry_id_person_clear (&person);

  if (self->name == NULL && self->address == NULL && self->smtp == NULL)
    g_clear_pointer (&self, imsg_address_unref);
  return self;
}

/**
 * imsg_address_ref:
 * @self: an address
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 * Since: 1.0
 */
IMsgAddress *
imsg_address_ref (IMsgAddress *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * imsg_address_unref:
 * @self: (transfer full): an address
 *
 * Drops a reference.
 *
 * Since: 1.0
 */
void
imsg_address_unref (IMsgAddress *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->name);
  g_free (self->address_type);
  g_free (self->address);
  g_free (self->smtp);
  g_free (self);
}

/**
 * imsg_address_get_name:
 * @self: an address
 *
 * Gets the display name.
 *
 * Returns: (nullable): the name
 * Since: 1.0
 */
const char *
imsg_address_get_name (const IMsgAddress *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->name;
}

/**
 * imsg_address_get_address_type:
 * @self: an address
 *
 * Gets the type of the stored address, such as `SMTP` or `EX`.
 *
 * Returns: (nullable): the type
 * Since: 1.0
 */
const char *
imsg_address_get_address_type (const IMsgAddress *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->address_type;
}

/**
 * imsg_address_get_address:
 * @self: an address
 *
 * Gets the address as stored, of the type that [method@IMsg.Address.get_address_type] tells.
 *
 * Returns: (nullable): the address
 * Since: 1.0
 */
const char *
imsg_address_get_address (const IMsgAddress *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->address;
}

/**
 * imsg_address_get_smtp:
 * @self: an address
 *
 * Gets the Internet address.
 *
 * Returns: (nullable): the address, or %NULL when none could be found
 * Since: 1.0
 */
const char *
imsg_address_get_smtp (const IMsgAddress *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->smtp;
}

/**
 * imsg_address_get_step:
 * @self: an address
 *
 * Tells how the Internet address was found.
 *
 * Returns: the step, or [enum@IMsg.AddressStep.NONE]
 * Since: 1.0
 */
IMsgAddressStep
imsg_address_get_step (const IMsgAddress *self)
{
  g_return_val_if_fail (self != NULL, IMSG_ADDRESS_STEP_NONE);

  return self->step;
}

/**
 * imsg_address_to_text:
 * @self: an address
 *
 * Writes it for people: `Name <address>`, or the one of them there is.
 *
 * Returns: (transfer full): the text
 * Since: 1.0
 */
char *
imsg_address_to_text (const IMsgAddress *self)
{
  const char *address;

  g_return_val_if_fail (self != NULL, NULL);

  address = self->smtp != NULL ? self->smtp : self->address;
  if (self->name == NULL)
    return g_strdup (address);
  if (address == NULL || g_ascii_strcasecmp (self->name, address) == 0)
    return g_strdup (self->name);
  return g_strdup_printf ("%s <%s>", self->name, address);
}

/* Outlook looks up everybody a message goes to, and so those who send it to themselves: the
 * organizer is among those of a meeting. */
static void
take_recipient (IMsgMessage *message,
                IMsgAddress *self)
{
  GListModel *recipients = imsg_message_get_recipients (message);
  guint n_recipients = g_list_model_get_n_items (recipients);

  if (self->address == NULL)
    return;
  for (guint i = 0; i < n_recipients && self->smtp == NULL; i++)
    {
      g_autoptr(IMsgRecipient) recipient = g_list_model_get_item (recipients, i);
      g_autofree char *stored = get_text (IMSG_PROPERTY_OBJECT (recipient), IMSG_PR_EMAIL_ADDRESS);
      g_autoptr(IMsgAddress) address = NULL;

      if (stored == NULL || g_ascii_strcasecmp (stored, self->address) != 0)
        continue;
      address = imsg_recipient_resolve_address (recipient);
      if (address == NULL || address->smtp == NULL ||
          g_strcmp0 (address->address_type, self->address_type) != 0)
        continue;
      self->smtp = g_strdup (address->smtp);
      self->step = IMSG_ADDRESS_STEP_RECIPIENT;
    }
}

/**
 * imsg_message_resolve_address:
 * @self: a message
 * @role: which person
 *
 * Finds out who plays a part for the message.
 *
 * Somebody known to Exchange may be among the recipients too, with an Internet address there.
 *
 * Source: [MS-OXCMAIL] 2.1.3.1; [MS-OXOMSG] 2.2.1.
 *
 * Returns: (transfer full) (nullable): the address, or %NULL when the message says nothing of one
 * Since: 1.0
 */
IMsgAddress *
imsg_message_resolve_address (IMsgMessage     *self,
                              IMsgAddressRole  role)
{
  IMsgAddress *address;

  g_return_val_if_fail (IMSG_IS_MESSAGE (self), NULL);
  g_return_val_if_fail ((guint) role < G_N_ELEMENTS (role_tags), NULL);

  address = resolve (IMSG_PROPERTY_OBJECT (self), &role_tags[role], role_headers[role],
                     imsg_message_get_code_page (self));
  if (address != NULL && address->smtp == NULL)
    take_recipient (self, address);
  return address;
}

/**
 * imsg_recipient_resolve_address:
 * @self: a recipient
 *
 * Finds out who the recipient is.
 *
 * Returns: (transfer full) (nullable): the address, or %NULL for a row that names nobody
 * Since: 1.0
 */
IMsgAddress *
imsg_recipient_resolve_address (IMsgRecipient *self)
{
  IMsgMessage *message;

  g_return_val_if_fail (IMSG_IS_RECIPIENT (self), NULL);

  message = imsg_recipient_get_message (self);
  return resolve (IMSG_PROPERTY_OBJECT (self), &recipient_tags, NULL,
                  message != NULL ? imsg_message_get_code_page (message) : 0);
}

/* Entry ids of Exchange have no names: there is a list of them, worth something if it is whole. */
static void
take_reply_names (IMsgMessage *message,
                  GPtrArray   *addresses)
{
  g_autofree char *text = get_text (IMSG_PROPERTY_OBJECT (message), IMSG_PR_REPLY_RECIPIENT_NAMES);
  g_auto(GStrv) names = text != NULL ? g_strsplit (text, ";", -1) : NULL;

  if (names == NULL || g_strv_length (names) != addresses->len)
    return;
  for (guint i = 0; i < addresses->len; i++)
    {
      IMsgAddress *address = g_ptr_array_index (addresses, i);

      if (address->name == NULL && *g_strstrip (names[i]) != '\0')
        address->name = g_strdup (names[i]);
    }
}

/* Nor have they Internet addresses: the header has, in the same order unless somebody is missing. */
static void
take_reply_header (IMsgMessage *message,
                   GPtrArray   *addresses)
{
  g_autoptr(GArray) mailboxes = NULL;

  for (guint i = 0; i < addresses->len; i++)
    {
      IMsgAddress *address = g_ptr_array_index (addresses, i);
      const IMsgMailbox *mailbox = NULL;

      if (address->smtp != NULL)
        continue;
      if (mailboxes == NULL)
        mailboxes = list_transport_mailboxes (IMSG_PROPERTY_OBJECT (message), "Reply-To");
      if (mailboxes->len == addresses->len)
        mailbox = &g_array_index (mailboxes, IMsgMailbox, i);
      else if (address->name != NULL)
        mailbox = find_mailbox (mailboxes, address->name);
      if (mailbox != NULL && looks_like_smtp (mailbox->address))
        take_mailbox (address, mailbox);
    }
}

/**
 * imsg_message_list_reply_to:
 * @self: a message
 *
 * Lists whom answers go to, if not to the sender.
 *
 * The Internet address of somebody known to Exchange comes from the Reply-To header the message
 * came with.
 *
 * Source: `PR_REPLY_RECIPIENT_ENTRIES`, `PR_REPLY_RECIPIENT_NAMES`; [MS-OXOMSG] 2.2.1.
 *
 * Returns: (transfer container) (element-type IMsgAddress): the addresses, none for most messages
 * Since: 1.0
 */
GPtrArray *
imsg_message_list_reply_to (IMsgMessage *self)
{
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GPtrArray) entry_ids = NULL;
  GPtrArray *addresses;

  g_return_val_if_fail (IMSG_IS_MESSAGE (self), NULL);

  addresses = g_ptr_array_new_with_free_func ((GDestroyNotify) imsg_address_unref);
  bytes = imsg_property_object_get_bytes (IMSG_PROPERTY_OBJECT (self),
                                          IMSG_PR_REPLY_RECIPIENT_ENTRIES);
  if (bytes == NULL)
    return addresses;

  entry_ids = _imsg_flat_entry_list_parse (bytes);
  for (guint i = 0; i < entry_ids->len; i++)
    {
      GBytes *entry_id = g_ptr_array_index (entry_ids, i);
      IMsgEntryIdPerson person = { NULL };
      IMsgAddress *address;

      if (!_imsg_entry_id_parse (g_bytes_get_data (entry_id, NULL), g_bytes_get_size (entry_id),
                                 imsg_message_get_code_page (self), &person))
        continue;
      address = g_new0 (IMsgAddress, 1);
      g_atomic_ref_count_init (&address->ref_count);
      if (looks_like_smtp (person.address))
        {
          address->smtp = g_strdup (person.address);
          address->step = IMSG_ADDRESS_STEP_ONE_OFF_ENTRY_ID;
        }
      address->name = person.name;
      address->address_type = person.address_type;
      address->address = person.address;
      g_ptr_array_add (addresses, address);
    }
  take_reply_names (self, addresses);
  take_reply_header (self, addresses);
  return addresses;
}
