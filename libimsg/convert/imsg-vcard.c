/* imsg-vcard.c - contacts and distribution lists as vCard ([MS-OXVCARD])
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-body.h"
#include "imsg-content-lines-private.h"
#include "imsg-cursor-private.h"
#include "imsg-entry-id-private.h"
#include "imsg-limits-private.h"
#include "imsg-mime-private.h"
#include "imsg-property-tags.h"
#include "imsg-vcard.h"

#include <glib/gi18n-lib.h>

/* Pictures larger than this stay out of a vCard: they would have to be held in memory. */
#define MAX_PHOTO_BYTES (16 * 1024 * 1024)

/* Members of a distribution list that are written. */
#define MAX_MEMBERS 65536

/* Certificates of a contact that are written, and the record of one that holds it */
#define MAX_KEYS 1000
#define CERTIFICATE_RECORD_X509 3

/* One line of text from one tagged property. */
static const struct
{
  const char *line;
  guint32     tag;
} tagged_lines[] = {
  { "NICKNAME", IMSG_PR_NICKNAME },
  { "TITLE", IMSG_PR_TITLE },
  { "ROLE", IMSG_PR_PROFESSION },
  { "TEL;TYPE=HOME,VOICE", IMSG_PR_HOME_TELEPHONE_NUMBER },
  { "TEL;TYPE=HOME,VOICE", IMSG_PR_HOME2_TELEPHONE_NUMBER },
  { "TEL;TYPE=WORK,VOICE", IMSG_PR_BUSINESS_TELEPHONE_NUMBER },
  { "TEL;TYPE=WORK,VOICE", IMSG_PR_BUSINESS2_TELEPHONE_NUMBER },
  { "TEL;TYPE=CELL", IMSG_PR_MOBILE_TELEPHONE_NUMBER },
  { "TEL;TYPE=PAGER", IMSG_PR_PAGER_TELEPHONE_NUMBER },
  { "TEL;TYPE=CAR", IMSG_PR_CAR_TELEPHONE_NUMBER },
  { "TEL;TYPE=ISDN", IMSG_PR_ISDN_NUMBER },
  { "TEL;TYPE=VOICE", IMSG_PR_OTHER_TELEPHONE_NUMBER },
  { "TEL;TYPE=PREF", IMSG_PR_PRIMARY_TELEPHONE_NUMBER },
  { "TEL;TYPE=HOME,FAX", IMSG_PR_HOME_FAX_NUMBER },
  { "TEL;TYPE=WORK,FAX", IMSG_PR_BUSINESS_FAX_NUMBER },
  { "TEL;TYPE=FAX", IMSG_PR_PRIMARY_FAX_NUMBER },
  { "X-MS-TEL;TYPE=ASSISTANT", IMSG_PR_ASSISTANT_TELEPHONE_NUMBER },
  { "X-MS-TEL;TYPE=CALLBACK", IMSG_PR_CALLBACK_TELEPHONE_NUMBER },
  { "X-MS-TEL;TYPE=COMPANY", IMSG_PR_COMPANY_MAIN_PHONE_NUMBER },
  { "X-MS-TEL;TYPE=RADIO", IMSG_PR_RADIO_TELEPHONE_NUMBER },
  { "X-MS-TEL;TYPE=TTYTTD", IMSG_PR_TTYTDD_PHONE_NUMBER },
  { "X-MS-SPOUSE", IMSG_PR_SPOUSE_NAME },
  { "X-MS-MANAGER", IMSG_PR_MANAGER_NAME },
  { "X-MS-ASSISTANT", IMSG_PR_ASSISTANT },
  { "X-MS-INTERESTS", IMSG_PR_HOBBIES },
  { "URL;TYPE=HOME", IMSG_PR_PERSONAL_HOME_PAGE },
  { "URL;TYPE=WORK", IMSG_PR_BUSINESS_HOME_PAGE },
};

/* The parts of an address, in the order of ADR: box, extension (none), street, city, region, code,
 * country. Those of the work address are named properties of PSETID_Address. */
static const guint32 home_address[] = {
  IMSG_PR_HOME_ADDRESS_POST_OFFICE_BOX, 0, IMSG_PR_HOME_ADDRESS_STREET, IMSG_PR_HOME_ADDRESS_CITY,
  IMSG_PR_HOME_ADDRESS_STATE_OR_PROVINCE, IMSG_PR_HOME_ADDRESS_POSTAL_CODE,
  IMSG_PR_HOME_ADDRESS_COUNTRY
};
static const guint32 other_address[] = {
  IMSG_PR_OTHER_ADDRESS_POST_OFFICE_BOX, 0, IMSG_PR_OTHER_ADDRESS_STREET,
  IMSG_PR_OTHER_ADDRESS_CITY, IMSG_PR_OTHER_ADDRESS_STATE_OR_PROVINCE,
  IMSG_PR_OTHER_ADDRESS_POSTAL_CODE, IMSG_PR_OTHER_ADDRESS_COUNTRY
};
static const guint32 work_address_ids[] = { 0x804A, 0, 0x8045, 0x8046, 0x8047, 0x8048, 0x8049 };

/* One line of text from one named property of PSETID_Address. */
static const struct
{
  const char *line;
  guint32     id;
} named_lines[] = {
  { "LABEL;TYPE=WORK", 0x801B },  { "LABEL;TYPE=HOME", 0x801A }, { "LABEL", 0x801C },
  { "X-MS-IMADDRESS", 0x8062 },   { "FBURL", 0x80D8 },
  { "X-PHONETIC-FIRST-NAME", 0x802C }, { "X-PHONETIC-LAST-NAME", 0x802D },
  { "X-PHONETIC-ORG", 0x802E },
};

/* What people enter and no line of a card is for */
static const guint32 unsaid_tags[] = {
  IMSG_PR_ACCOUNT,       IMSG_PR_COMPUTER_NETWORK_NAME, IMSG_PR_CUSTOMER_ID,
  IMSG_PR_FTP_SITE,      IMSG_PR_GOVERNMENT_ID_NUMBER,  IMSG_PR_INITIALS,
  IMSG_PR_LANGUAGE,      IMSG_PR_OFFICE_LOCATION,       IMSG_PR_ORGANIZATIONAL_ID_NUMBER,
  IMSG_PR_REFERRED_BY_NAME, IMSG_PR_TELEX_NUMBER,
};

/**
 * imsg_message_is_contact:
 * @self: a message
 *
 * Tells whether the message is a contact or a distribution list.
 *
 * Source: [MS-OXOCNTC] 2.2.
 *
 * Returns: %TRUE for `IPM.Contact` and `IPM.DistList`
 * Since: 1.0
 */
gboolean
imsg_message_is_contact (IMsgMessage *self)
{
  g_return_val_if_fail (IMSG_IS_MESSAGE (self), FALSE);

  return _imsg_mime_class_is (self, "IPM.Contact") || _imsg_mime_class_is (self, "IPM.DistList");
}

static guint32
find_address_property (IMsgMessage *message,
                       guint32      id)
{
  g_autoptr(IMsgPropertyName) name = imsg_property_name_new_id ("PSETID_Address", id);
  guint property = imsg_property_object_resolve_property_name (IMSG_PROPERTY_OBJECT (message), name,
                                                               FALSE, NULL);

  return property != 0 ? imsg_property_object_find_tag (IMSG_PROPERTY_OBJECT (message),
                                                        imsg_property_tag (0, property))
                       : 0;
}

static char *
get_address_text (IMsgMessage *message,
                  guint32      id)
{
  guint32 tag = find_address_property (message, id);

  return tag != 0 ? _imsg_mime_get_text (message, tag) : NULL;
}

/* Several texts behind one name, with semicolons between; nothing when all are empty. */
static void
append_parts (GString    *lines,
              const char *name,
              char      **parts,
              guint       n_parts)
{
  g_autoptr(GString) value = g_string_new (NULL);
  gboolean has_text = FALSE;

  for (guint i = 0; i < n_parts; i++)
    {
      if (i > 0)
        g_string_append_c (value, ';');
      if (parts[i] != NULL)
        {
          _imsg_content_line_escape (value, parts[i]);
          has_text = TRUE;
        }
    }
  if (has_text)
    _imsg_content_line_append (lines, name, value->str);
}

static void
append_tagged_parts (GString       *lines,
                     const char    *name,
                     IMsgMessage   *message,
                     const guint32 *tags,
                     guint          n_tags)
{
  g_autoptr(GPtrArray) parts = g_ptr_array_new_full (n_tags, g_free);

  for (guint i = 0; i < n_tags; i++)
    g_ptr_array_add (parts, tags[i] != 0 ? _imsg_mime_get_text (message, tags[i]) : NULL);
  append_parts (lines, name, (char **) parts->pdata, n_tags);
}

/* What the contact is filed under, where that is another name; vCard has no word of its own for it. */
static void
append_file_as (GString     *lines,
                IMsgMessage *message,
                const char  *full)
{
  g_autofree char *name = get_address_text (message, 0x8005);

  if (g_strcmp0 (name, full) != 0)
    _imsg_content_line_append_text (lines, "X-EVOLUTION-FILE-AS", name);
}

static void
append_names (GString     *lines,
              IMsgMessage *message)
{
  static const guint32 names[] = { IMSG_PR_SURNAME, IMSG_PR_GIVEN_NAME, IMSG_PR_MIDDLE_NAME,
                                   IMSG_PR_DISPLAY_NAME_PREFIX, IMSG_PR_GENERATION };
  static const guint32 organization[] = { IMSG_PR_COMPANY_NAME, IMSG_PR_DEPARTMENT_NAME };
  g_autofree char *full = _imsg_mime_get_text (message, IMSG_PR_DISPLAY_NAME);

  if (full == NULL)
    full = get_address_text (message, 0x8005);
  if (full == NULL)
    full = _imsg_mime_get_text (message, IMSG_PR_SUBJECT);
  append_tagged_parts (lines, "N", message, names, G_N_ELEMENTS (names));
  /* vCard 3.0 demands both */
  if (strstr (lines->str, "\r\nN:") == NULL)
    _imsg_content_line_append (lines, "N", ";;;;");
  _imsg_content_line_append_text (lines, "FN", full != NULL ? full : "?");
  append_tagged_parts (lines, "ORG", message, organization, G_N_ELEMENTS (organization));
  append_file_as (lines, message, full);
}

/* Three addresses, each five named properties: display name, type, address, original display name,
 * original entry id. */
static void
append_mail_addresses (GString     *lines,
                       IMsgMessage *message,
                       GPtrArray   *losses)
{
  for (guint i = 0; i < 3; i++)
    {
      guint32 base = 0x8080 + 0x10 * i;
      g_autofree char *type = get_address_text (message, base + 2);
      g_autofree char *address = get_address_text (message, base + 3);
      g_autofree char *original = get_address_text (message, base + 4);
      const char *smtp = address;

      if (type != NULL && g_ascii_strcasecmp (type, "EX") == 0)
        smtp = original != NULL && strchr (original, '@') != NULL ? original : NULL;
      if (smtp != NULL)
        _imsg_content_line_append_text (lines, i == 0 ? "EMAIL;TYPE=INTERNET,PREF"
                                                      : "EMAIL;TYPE=INTERNET", smtp);
      else if (address != NULL)
        _imsg_problem_list_tell (losses, "EMAIL", IMSG_ERROR_NO_SUPPORT,
                                 _("“%s” is no Internet address"), address);
    }
}

static void
append_addresses (GString     *lines,
                  IMsgMessage *message)
{
  g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < G_N_ELEMENTS (work_address_ids); i++)
    g_ptr_array_add (parts, work_address_ids[i] != 0 ? get_address_text (message, work_address_ids[i])
                                                     : NULL);
  append_parts (lines, "ADR;TYPE=WORK", (char **) parts->pdata, parts->len);
  append_tagged_parts (lines, "ADR;TYPE=HOME", message, home_address, G_N_ELEMENTS (home_address));
  append_tagged_parts (lines, "ADR", message, other_address, G_N_ELEMENTS (other_address));
}

/* Days are stored as midnight, of the local zone or of UTC: the plain date (id) where there is one,
 * else the nearest day. */
static void
append_day (GString     *lines,
            const char  *name,
            IMsgMessage *message,
            guint32      tag,
            guint32      plain_id)
{
  guint32 plain_tag = find_address_property (message, plain_id);
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  g_autoptr(GDateTime) stored = NULL;
  g_autoptr(GDateTime) day = NULL;
  g_autofree char *text = NULL;

  if (plain_tag != 0)
    stored = imsg_property_object_get_datetime (object, plain_tag);
  if (stored != NULL)
    day = g_date_time_ref (stored);
  else if ((stored = imsg_property_object_get_datetime (object, tag)) != NULL)
    day = g_date_time_add_hours (stored, 12);
  if (day == NULL || g_date_time_get_year (day) >= 4500)
    return;
  text = g_date_time_format (day, "%Y-%m-%d");
  _imsg_content_line_append (lines, name, text);
}

static void
append_categories (GString     *lines,
                   IMsgMessage *message)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  guint id = imsg_property_object_resolve_name (object, IMSG_PS_PUBLIC_STRINGS, "Keywords", FALSE,
                                                NULL);
  guint32 tag = id != 0 ? imsg_property_object_find_tag (object, imsg_property_tag (0, id)) : 0;
  g_autoptr(GVariant) value = tag != 0 ? imsg_property_object_get_value (object, tag, NULL) : NULL;
  g_autofree const char **keywords = NULL;
  g_autoptr(GString) text = NULL;

  if (value == NULL || !g_variant_is_of_type (value, G_VARIANT_TYPE_STRING_ARRAY))
    return;
  keywords = g_variant_get_strv (value, NULL);
  text = g_string_new (NULL);
  for (guint i = 0; keywords[i] != NULL; i++)
    {
      if (i > 0)
        g_string_append_c (text, ',');
      _imsg_content_line_escape (text, keywords[i]);
    }
  if (text->len > 0)
    _imsg_content_line_append (lines, "CATEGORIES", text->str);
}

static const char *
guess_picture_type (const guint8 *bytes,
                    gsize         n_bytes)
{
  if (n_bytes > 3 && memcmp (bytes, "\xFF\xD8\xFF", 3) == 0)
    return "JPEG";
  if (n_bytes > 8 && memcmp (bytes, "\x89PNG\r\n\x1A\n", 8) == 0)
    return "PNG";
  if (n_bytes > 6 && memcmp (bytes, "GIF8", 4) == 0)
    return "GIF";
  if (n_bytes > 2 && memcmp (bytes, "BM", 2) == 0)
    return "BMP";
  return NULL;
}

static void
append_photo (GString      *lines,
              IMsgMessage  *message,
              GPtrArray    *losses,
              GCancellable *cancellable)
{
  GListModel *attachments = imsg_message_get_attachments (message);
  guint n_attachments = g_list_model_get_n_items (attachments);

  for (guint i = 0; i < n_attachments; i++)
    {
      g_autoptr(IMsgAttachment) attachment = g_list_model_get_item (attachments, i);
      g_autoptr(GBytes) bytes = NULL;
      g_autofree char *encoded = NULL;
      g_autofree char *name = NULL;
      const char *type;

      if (!imsg_property_object_get_boolean (IMSG_PROPERTY_OBJECT (attachment),
                                             IMSG_PR_ATTACHMENT_CONTACTPHOTO))
        continue;
      if (imsg_attachment_get_size (attachment) > MAX_PHOTO_BYTES)
        {
          _imsg_problem_list_tell (losses, "PHOTO", IMSG_ERROR_TOO_BIG,
                                   _("The picture is too large"));
          continue;
        }
      bytes = imsg_property_object_get_bytes (IMSG_PROPERTY_OBJECT (attachment),
                                              IMSG_PR_ATTACH_DATA_BIN);
      if (bytes == NULL)
        continue;
      type = guess_picture_type (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
      encoded = g_base64_encode (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
      name = g_strconcat ("PHOTO;ENCODING=b", type != NULL ? ";TYPE=" : NULL, type, NULL);
      _imsg_content_line_append (lines, name, encoded);
      return;
    }
}

/* The user-defined fields have no numbers: one that is empty keeps the place of those behind it. */
static void
append_user_texts (GString     *lines,
                   IMsgMessage *message)
{
  guint n_empty = 0;

  for (guint32 id = 0x804F; id <= 0x8052; id++)
    {
      g_autofree char *text = get_address_text (message, id);

      if (text == NULL || *text == '\0')
        {
          n_empty++;
          continue;
        }
      for (; n_empty > 0; n_empty--)
        _imsg_content_line_append (lines, "X-MS-TEXT", "");
      _imsg_content_line_append_text (lines, "X-MS-TEXT", text);
    }
}

/* The picture on the business card that Outlook shows */
static void
append_card_picture (GString     *lines,
                     IMsgMessage *message,
                     GPtrArray   *losses)
{
  guint32 tag = find_address_property (message, 0x8041);
  g_autoptr(GBytes) bytes =
    tag != 0 ? imsg_property_object_get_bytes (IMSG_PROPERTY_OBJECT (message), tag) : NULL;
  gsize n_bytes = bytes != NULL ? g_bytes_get_size (bytes) : 0;
  g_autofree char *encoded = NULL;
  g_autofree char *name = NULL;
  const char *type;

  if (n_bytes > MAX_PHOTO_BYTES)
    _imsg_problem_list_tell (losses, "X-MS-CARDPICTURE", IMSG_ERROR_TOO_BIG,
                             _("The picture is too large"));
  if (n_bytes == 0 || n_bytes > MAX_PHOTO_BYTES)
    return;
  type = guess_picture_type (g_bytes_get_data (bytes, NULL), n_bytes);
  encoded = g_base64_encode (g_bytes_get_data (bytes, NULL), n_bytes);
  name = g_strconcat ("X-MS-CARDPICTURE;ENCODING=b", type != NULL ? ";TYPE=" : NULL, type, NULL);
  _imsg_content_line_append (lines, name, encoded);
}

static void
append_children (GString     *lines,
                 IMsgMessage *message)
{
  g_autoptr(GVariant) value = imsg_property_object_get_value (IMSG_PROPERTY_OBJECT (message),
                                                              IMSG_PR_CHILDRENS_NAMES, NULL);
  g_autofree const char **names = NULL;

  if (value == NULL || !g_variant_is_of_type (value, G_VARIANT_TYPE_STRING_ARRAY))
    return;
  names = g_variant_get_strv (value, NULL);
  for (guint i = 0; names[i] != NULL; i++)
    _imsg_content_line_append_text (lines, "X-MS-CHILD", names[i]);
}

/* The X.509 of each certificate: records of u16 tag, u16 size with these four, data */
static void
append_keys (GString     *lines,
             IMsgMessage *message,
             GPtrArray   *losses)
{
  g_autoptr(GVariant) value = imsg_property_object_get_value (
    IMSG_PROPERTY_OBJECT (message), IMSG_PR_USER_X509_CERTIFICATE, NULL);
  gsize n_keys;

  if (value == NULL || !g_variant_is_of_type (value, G_VARIANT_TYPE ("aay")))
    return;
  n_keys = MIN (g_variant_n_children (value), MAX_KEYS);
  for (gsize i = 0; i < n_keys; i++)
    {
      g_autoptr(GVariant) key = g_variant_get_child_value (value, i);
      IMsgCursor cursor = { 0 };
      guint16 tag, size;
      const guint8 *data;
      g_autofree char *encoded = NULL;

      cursor.bytes = g_variant_get_fixed_array (key, &cursor.n_bytes, 1);
      while (encoded == NULL && _imsg_cursor_read_u16 (&cursor, &tag, NULL) &&
             _imsg_cursor_read_u16 (&cursor, &size, NULL) && size >= 4 &&
             _imsg_cursor_take (&cursor, size - 4, &data, NULL))
        if (tag == CERTIFICATE_RECORD_X509)
          encoded = g_base64_encode (data, size - 4);
      if (encoded != NULL)
        _imsg_content_line_append (lines, "KEY;ENCODING=b", encoded);
      else
        _imsg_problem_list_tell (losses, "KEY", IMSG_ERROR_CORRUPT_DATA,
                                 _("Certificate %zu has no X.509 in it"), i + 1);
    }
}

static void
append_gender (GString     *lines,
               IMsgMessage *message)
{
  gint64 gender = imsg_property_object_get_int (IMSG_PROPERTY_OBJECT (message), IMSG_PR_GENDER);

  if (gender == 1 || gender == 2)
    _imsg_content_line_append (lines, "X-WAB-GENDER", gender == 1 ? "1" : "2");
}

/* --- distribution lists --- */

static GPtrArray *
list_values (IMsgMessage *message,
             guint32      tag)
{
  g_autoptr(GVariant) value =
    tag != 0 ? imsg_property_object_get_value (IMSG_PROPERTY_OBJECT (message), tag, NULL) : NULL;
  GPtrArray *members = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  gsize n_members;

  if (value == NULL || !g_variant_is_of_type (value, G_VARIANT_TYPE_BYTESTRING_ARRAY))
    return members;
  n_members = MIN (g_variant_n_children (value), MAX_MEMBERS);
  for (gsize i = 0; i < n_members; i++)
    {
      g_autoptr(GVariant) member = g_variant_get_child_value (value, i);

      g_ptr_array_add (members, g_variant_get_data_as_bytes (member));
    }
  return members;
}

/* A head whose fourth word is the count, then for each member its entry id, its one-off and
 * something of no use, each behind its size. */
static GPtrArray *
list_stream (GBytes *bytes)
{
  GPtrArray *members = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  IMsgCursor cursor = { 0 };
  guint32 count, sizes[3];
  const guint8 *entry_id, *one_off;

  cursor.bytes = g_bytes_get_data (bytes, &cursor.n_bytes);
  if (!_imsg_cursor_skip (&cursor, 12, NULL) || !_imsg_cursor_read_u32 (&cursor, &count, NULL) ||
      !_imsg_cursor_skip (&cursor, 12, NULL))
    return members;
  while (members->len < MIN (count, MAX_MEMBERS) &&
         _imsg_cursor_read_u32 (&cursor, &sizes[0], NULL) &&
         _imsg_cursor_take (&cursor, sizes[0], &entry_id, NULL) &&
         _imsg_cursor_read_u32 (&cursor, &sizes[1], NULL) &&
         _imsg_cursor_take (&cursor, sizes[1], &one_off, NULL) &&
         _imsg_cursor_read_u32 (&cursor, &sizes[2], NULL) &&
         _imsg_cursor_skip (&cursor, sizes[2], NULL))
    g_ptr_array_add (members, sizes[1] > 0 ? g_bytes_new (one_off, sizes[1])
                                           : g_bytes_new (entry_id, sizes[0]));
  return members;
}

/* The one-offs that stand beside the entry ids, or in the stream of a long list */
static GPtrArray *
list_members (IMsgMessage *message)
{
  guint32 tag = find_address_property (message, 0x8054);
  guint32 stream_tag = find_address_property (message, 0x8064);
  g_autoptr(GBytes) stream =
    stream_tag != 0 ? imsg_property_object_get_bytes (IMSG_PROPERTY_OBJECT (message), stream_tag)
                    : NULL;

  if (stream != NULL)
    {
      g_autoptr(GPtrArray) members = list_stream (stream);

      if (members->len > 0)
        return g_steal_pointer (&members);
    }
  return list_values (message, tag != 0 ? tag : find_address_property (message, 0x8055));
}

static void
append_members (GString     *lines,
                IMsgMessage *message,
                GPtrArray   *losses)
{
  g_autoptr(GPtrArray) members = list_members (message);

  for (guint i = 0; i < members->len; i++)
    {
      gsize n_bytes;
      const guint8 *bytes = g_bytes_get_data (g_ptr_array_index (members, i), &n_bytes);
      IMsgEntryIdPerson person;

      if (!_imsg_entry_id_parse (bytes, n_bytes, imsg_message_get_code_page (message), &person))
        {
          _imsg_problem_list_tell (losses, "MEMBER", IMSG_ERROR_NO_SUPPORT,
                                   _("Member %u cannot be told by a name"), i + 1);
          continue;
        }
      if (person.address != NULL && strchr (person.address, '@') != NULL)
        {
          g_autofree char *address = g_uri_escape_string (person.address, "@!$'*+=/", TRUE);
          g_autofree char *uri = g_strconcat ("mailto:", address, NULL);

          _imsg_content_line_append (lines, "MEMBER", uri);
          _imsg_content_line_append_text (lines, "X-MS-MEMBER-NAME", person.name);
        }
      else
        _imsg_problem_list_tell (losses, "MEMBER", IMSG_ERROR_NO_SUPPORT,
                                 _("“%s” has no Internet address"),
                                 person.name != NULL ? person.name : "");
      _imsg_entry_id_person_clear (&person);
    }
}

static void
append_common (GString      *lines,
               IMsgMessage  *message,
               GCancellable *cancellable)
{
  g_autofree char *note = imsg_message_get_body (message, IMSG_BODY_FORMAT_TEXT, cancellable, NULL);
  g_autoptr(GDateTime) changed =
    imsg_property_object_get_datetime (IMSG_PROPERTY_OBJECT (message),
                                       IMSG_PR_LAST_MODIFICATION_TIME);
  gint64 sensitivity =
    imsg_property_object_get_int (IMSG_PROPERTY_OBJECT (message), IMSG_PR_SENSITIVITY);

  if (note != NULL)
    _imsg_content_line_append_text (lines, "NOTE", g_strchomp (note));
  append_categories (lines, message);
  _imsg_content_line_append (lines, "CLASS", sensitivity == 2   ? "PRIVATE"
                                             : sensitivity == 3 ? "CONFIDENTIAL"
                                                                : "PUBLIC");
  if (changed != NULL)
    {
      g_autofree char *text = g_date_time_format (changed, "%Y-%m-%dT%H:%M:%SZ");

      _imsg_content_line_append (lines, "REV", text);
    }
}

static void
tell_unsaid (IMsgMessage *message,
             GPtrArray   *losses)
{
  GListModel *attachments = imsg_message_get_attachments (message);
  guint n_attachments = g_list_model_get_n_items (attachments);

  for (guint i = 0; i < G_N_ELEMENTS (unsaid_tags); i++)
    {
      g_autofree char *text = _imsg_mime_get_text (message, unsaid_tags[i]);

      if (text != NULL && *text != '\0')
        _imsg_problem_list_tell (losses, imsg_property_tag_get_name (unsaid_tags[i]),
                                 IMSG_ERROR_NO_SUPPORT, _("A card has no line for “%s”"), text);
    }
  for (guint i = 0; i < n_attachments; i++)
    {
      g_autoptr(IMsgAttachment) attachment = g_list_model_get_item (attachments, i);
      g_autofree char *name = NULL;

      if (imsg_property_object_get_boolean (IMSG_PROPERTY_OBJECT (attachment),
                                            IMSG_PR_ATTACHMENT_CONTACTPHOTO))
        continue;
      name = imsg_attachment_dup_safe_file_name (attachment);
      _imsg_problem_list_tell (losses, "ATTACH", IMSG_ERROR_NO_SUPPORT,
                               _("A card has no line for “%s”"), name);
    }
}

static void
append_contact (GString      *lines,
                IMsgMessage  *message,
                GPtrArray    *losses,
                GCancellable *cancellable)
{
  append_names (lines, message);
  for (guint i = 0; i < G_N_ELEMENTS (tagged_lines); i++)
    {
      g_autofree char *text = _imsg_mime_get_text (message, tagged_lines[i].tag);

      _imsg_content_line_append_text (lines, tagged_lines[i].line, text);
    }
  append_mail_addresses (lines, message, losses);
  append_addresses (lines, message);
  for (guint i = 0; i < G_N_ELEMENTS (named_lines); i++)
    {
      g_autofree char *text = get_address_text (message, named_lines[i].id);

      _imsg_content_line_append_text (lines, named_lines[i].line, text);
    }
  append_user_texts (lines, message);
  append_day (lines, "BDAY", message, IMSG_PR_BIRTHDAY, 0x80DE);
  append_day (lines, "X-MS-ANNIVERSARY", message, IMSG_PR_WEDDING_ANNIVERSARY, 0x80DF);
  append_children (lines, message);
  append_gender (lines, message);
  append_keys (lines, message, losses);
  append_photo (lines, message, losses, cancellable);
  append_card_picture (lines, message, losses);
  tell_unsaid (message, losses);
}

/**
 * imsg_message_export_vcard:
 * @self: a message
 * @stream: where to write
 * @cancellable: (nullable): cancels it
 * @losses: (out) (optional) (transfer container) (element-type IMsgProblem): what vCard cannot
 *   carry
 * @error: return location for an error
 *
 * Writes a contact as vCard 3.0, a distribution list as vCard 4.0 with its members.
 *
 * Fails with `IMSG_ERROR_NO_SUPPORT` when @self is neither, `IMSG_ERROR_CLOSED` once it is closed,
 * a %G_IO_ERROR when writing fails or is cancelled.
 * Source: [MS-OXVCARD] 2.1.3.
 *
 * Returns: %TRUE when all was written
 * Since: 1.0
 */
gboolean
imsg_message_export_vcard (IMsgMessage    *self,
                           GOutputStream  *stream,
                           GCancellable   *cancellable,
                           GPtrArray     **losses,
                           GError        **error)
{
  g_autoptr(GPtrArray) told = NULL;
  g_autoptr(GString) lines = NULL;

  g_return_val_if_fail (IMSG_IS_MESSAGE (self), FALSE);
  g_return_val_if_fail (G_IS_OUTPUT_STREAM (stream), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (losses != NULL)
    *losses = NULL;
  if (imsg_property_object_is_closed (IMSG_PROPERTY_OBJECT (self)))
    {
      g_set_error_literal (error, IMSG_ERROR, IMSG_ERROR_CLOSED, _("The message is closed"));
      return FALSE;
    }
  if (!imsg_message_is_contact (self))
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_NO_SUPPORT,
                   _("A message of class %s is no contact"), imsg_message_get_message_class (self));
      return FALSE;
    }

  told = _imsg_problem_list_new ();
  lines = g_string_new ("BEGIN:VCARD\r\n");
  if (_imsg_mime_class_is (self, "IPM.DistList"))
    {
      g_autofree char *name = get_address_text (self, 0x8053);

      if (name == NULL)
        name = _imsg_mime_get_text (self, IMSG_PR_DISPLAY_NAME);
      _imsg_content_line_append (lines, "VERSION", "4.0");
      _imsg_content_line_append (lines, "KIND", "group");
      _imsg_content_line_append_text (lines, "FN", name != NULL ? name : "?");
      append_members (lines, self, told);
    }
  else
    {
      _imsg_content_line_append (lines, "VERSION", "3.0");
      append_contact (lines, self, told, cancellable);
    }
  append_common (lines, self, cancellable);
  g_string_append (lines, "END:VCARD\r\n");
  if (!g_output_stream_write_all (stream, lines->str, lines->len, NULL, cancellable, error))
    return FALSE;
  if (losses != NULL)
    *losses = g_steal_pointer (&told);
  return TRUE;
}
