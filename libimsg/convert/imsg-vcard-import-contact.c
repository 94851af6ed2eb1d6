/* imsg-vcard-import-contact.c - a card as a contact ([MS-OXVCARD] 2.1.3, [MS-OXOCNTC])
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "imsg-body.h"
#include "imsg-named-values-private.h"
#include "imsg-property-tags.h"
#include "imsg-text-lines-private.h"
#include "imsg-vcard-import-private.h"

#include <glib/gi18n-lib.h>

#define ICON_CONTACT 0x200
#define FILE_AS_CUSTOM -1
#define FILE_AS_DISPLAY_NAME 0x3001
#define FILE_AS_GIVEN_NAME 0x3A06
#define FILE_AS_SURNAME 0x3A11
#define FILE_AS_COMPANY 0x3A16
#define FILE_AS_LAST_FIRST 0x8017
#define FILE_AS_COMPANY_LAST_FIRST 0x8018
#define FILE_AS_LAST_FIRST_COMPANY 0x8019
#define FILE_AS_LAST_FIRST_SUFFIX 0x8036
#define FILE_AS_FIRST_LAST_SUFFIX 0x8037
#define GENDER_FEMALE 1
#define GENDER_MALE 2
#define SENSITIVITY_PRIVATE 2
#define SENSITIVITY_CONFIDENTIAL 3

/* A certificate of PR_USER_X509_CERTIFICATE: records of u16 tag, u16 size with these four, data */
#define CERTIFICATE_RECORD_X509 3
#define CERTIFICATE_HEAD_BYTES 4

/* One text from one line; the first line of a name fills the first property that is free. */
static const struct
{
  const char *name;
  guint32     tag;
} texts[] = {
  { "NICKNAME", IMSG_PR_NICKNAME },
  { "TITLE", IMSG_PR_TITLE },
  { "ROLE", IMSG_PR_PROFESSION },
  { "X-MS-SPOUSE", IMSG_PR_SPOUSE_NAME },
  { "X-SPOUSE", IMSG_PR_SPOUSE_NAME },
  { "X-EVOLUTION-SPOUSE", IMSG_PR_SPOUSE_NAME },
  { "X-MS-MANAGER", IMSG_PR_MANAGER_NAME },
  { "X-MANAGER", IMSG_PR_MANAGER_NAME },
  { "X-EVOLUTION-MANAGER", IMSG_PR_MANAGER_NAME },
  { "X-MS-ASSISTANT", IMSG_PR_ASSISTANT },
  { "X-ASSISTANT", IMSG_PR_ASSISTANT },
  { "X-EVOLUTION-ASSISTANT", IMSG_PR_ASSISTANT },
  { "X-MS-INTERESTS", IMSG_PR_HOBBIES },
};

/* The same of named properties */
static const struct
{
  const char *name;
  guint32     id;
} named_texts[] = {
  { "X-MS-IMADDRESS", 0x8062 }, { "IMPP", 0x8062 },     { "X-JABBER", 0x8062 },
  { "X-AIM", 0x8062 },          { "X-ICQ", 0x8062 },    { "X-MSN", 0x8062 },
  { "X-SKYPE", 0x8062 },        { "X-YAHOO", 0x8062 },  { "FBURL", 0x80D8 },
  { "X-PHONETIC-FIRST-NAME", 0x802C }, { "X-PHONETIC-LAST-NAME", 0x802D },
  { "X-PHONETIC-ORG", 0x802E },
};

/* Lines that say nothing of the person. */
static const char *const ignored[] = { "VERSION", "PRODID", "REV",  "UID",       "KIND",
                                       "FN",      "N",      "CLASS", "CATEGORIES", "NOTE",
                                       "X-EVOLUTION-FILE-AS" };

static gboolean
is_in (const char *const *names,
       guint              n_names,
       const char        *name)
{
  for (guint i = 0; i < n_names; i++)
    if (strcmp (names[i], name) == 0)
      return TRUE;
  return FALSE;
}

/* --- names --- */

/* vCard 4 may tell it in several languages. */
static void
tell_other_names (IMsgCardImport *import)
{
  for (guint i = 0; i < import->card->lines->len; i++)
    {
      const IMsgContentLine *line = g_ptr_array_index (import->card->lines, i);
      g_autofree char *text = strcmp (line->name, "FN") == 0 ? _imsg_content_line_dup_text (line)
                                                             : NULL;

      if (text != NULL && *text != '\0' && strcmp (text, import->card->name) != 0)
        _imsg_card_import_add_loss (import, "FN", _("There is no room left for “%s”"), text);
    }
}

static gboolean
set_names (IMsgCardImport  *import,
           GError         **error)
{
  static const guint32 tags[] = { IMSG_PR_SURNAME, IMSG_PR_GIVEN_NAME, IMSG_PR_MIDDLE_NAME,
                                  IMSG_PR_DISPLAY_NAME_PREFIX, IMSG_PR_GENERATION };
  const IMsgContentLine *names = _imsg_card_find (import->card, "N");
  const char *full = import->card->name;
  g_autoptr(GPtrArray) parts = names != NULL ? _imsg_content_line_split_lists (names) : NULL;

  for (guint i = 0; parts != NULL && i < MIN (parts->len, G_N_ELEMENTS (tags)); i++)
    if (!_imsg_card_set_text (import->message, tags[i], parts->pdata[i], error))
      return FALSE;

  tell_other_names (import);
  return imsg_message_set_subject (import->message, full, error) &&
         _imsg_card_set_text (import->message, IMSG_PR_DISPLAY_NAME, full, error);
}

static char *
join (const char *first,
      const char *separator,
      const char *second)
{
  if (first == NULL || *first == '\0')
    return g_strdup (second);
  return second != NULL && *second != '\0' ? g_strconcat (first, separator, second, NULL)
                                           : g_strdup (first);
}

/* How a name to file under is put together, as far as the others make it up: [MS-OXOCNTC]
 * 2.2.1.1.12. */
static int
find_file_as (IMsgMessage *message,
              const char  *name)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  g_autofree char *display_name = imsg_property_object_get_string (object, IMSG_PR_DISPLAY_NAME);
  g_autofree char *given = imsg_property_object_get_string (object, IMSG_PR_GIVEN_NAME);
  g_autofree char *middle = imsg_property_object_get_string (object, IMSG_PR_MIDDLE_NAME);
  g_autofree char *surname = imsg_property_object_get_string (object, IMSG_PR_SURNAME);
  g_autofree char *suffix = imsg_property_object_get_string (object, IMSG_PR_GENERATION);
  g_autofree char *company = imsg_property_object_get_string (object, IMSG_PR_COMPANY_NAME);
  g_autofree char *first = join (given, " ", middle);
  g_autofree char *last_first = join (surname, ", ", first);
  g_autofree char *first_last = join (first, " ", surname);
  g_autofree char *last_first_suffix = join (last_first, " ", suffix);
  g_autofree char *first_last_suffix = join (first_last, " ", suffix);
  g_autofree char *company_name = join (company, "\r\n", last_first);
  g_autofree char *name_company = join (last_first, "\r\n", company);
  const struct
  {
    const char *text; /* nullable */
    int         kind;
  } names[] = {
    { display_name, FILE_AS_DISPLAY_NAME },
    { last_first, FILE_AS_LAST_FIRST },
    { company, FILE_AS_COMPANY },
    { surname, FILE_AS_SURNAME },
    { given, FILE_AS_GIVEN_NAME },
    { company_name, FILE_AS_COMPANY_LAST_FIRST },
    { name_company, FILE_AS_LAST_FIRST_COMPANY },
    { last_first_suffix, FILE_AS_LAST_FIRST_SUFFIX },
    { first_last_suffix, FILE_AS_FIRST_LAST_SUFFIX },
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_strcmp0 (names[i].text, name) == 0)
      return names[i].kind;
  return FILE_AS_CUSTOM;
}

/* When all the names are there; without a word of it the contact is filed under what it is shown by. */
static gboolean
set_file_as (IMsgCardImport  *import,
             GError         **error)
{
  const IMsgContentLine *line = _imsg_card_find (import->card, "X-EVOLUTION-FILE-AS");
  g_autofree char *text = line != NULL ? _imsg_content_line_dup_text (line)
                                       : g_strdup (import->card->name);
  g_autofree char *name =
    _imsg_text_end_lines (*text != '\0' ? text : import->card->name, "\r\n");

  return _imsg_named_set_text (import->message, IMSG_SET_ADDRESS, 0x8005, name, error) &&
         _imsg_named_set_int (import->message, IMSG_SET_ADDRESS, 0x8006,
                              find_file_as (import->message, name), error);
}

static gboolean
set_organization (IMsgCardImport         *import,
                  const IMsgContentLine  *line,
                  GError                **error)
{
  g_autoptr(GPtrArray) parts = _imsg_content_line_split (line, ';');
  g_autoptr(GString) units = g_string_new (NULL);
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (import->message);

  if (imsg_property_object_has_value (object, IMSG_PR_COMPANY_NAME) ||
      imsg_property_object_has_value (object, IMSG_PR_DEPARTMENT_NAME))
    {
      _imsg_card_import_add_loss (import, "ORG", _("There is no room left for “%s”"),
                                  (const char *) parts->pdata[0]);
      return TRUE;
    }
  for (guint i = 1; i < parts->len; i++)
    {
      if (units->len > 0 && *(char *) parts->pdata[i] != '\0')
        g_string_append (units, "; ");
      g_string_append (units, parts->pdata[i]);
    }
  return _imsg_card_set_text (import->message, IMSG_PR_COMPANY_NAME, parts->pdata[0], error) &&
         _imsg_card_set_text (import->message, IMSG_PR_DEPARTMENT_NAME, units->str, error);
}

/* --- days --- */

/* "1970-12-31", "19701231", either with a time behind it; without a year there is no day. */
static GDateTime *
read_day (const char *text)
{
  guint year, month, day;

  if (sscanf (text, "%4u-%2u-%2u", &year, &month, &day) != 3 &&
      sscanf (text, "%4u%2u%2u", &year, &month, &day) != 3)
    return NULL;
  return year >= 1601 && year < 4500 ? g_date_time_new_utc ((int) year, (int) month, (int) day, 0, 0, 0)
                                     : NULL;
}

static gboolean
set_day (IMsgCardImport         *import,
         const IMsgContentLine  *line,
         guint32                 tag,
         guint32                 plain_id,
         GError                **error)
{
  const char *omitted = _imsg_content_line_get_parameter (line, "X-APPLE-OMIT-YEAR");
  g_autoptr(GDateTime) day =
    omitted == NULL || !g_str_has_prefix (line->value, omitted) ? read_day (line->value) : NULL;
  g_autoptr(GDateTime) first =
    imsg_property_object_get_datetime (IMSG_PROPERTY_OBJECT (import->message), tag);

  if (day == NULL)
    {
      _imsg_card_import_add_loss (import, line->name, _("“%s” is no day with a year"), line->value);
      return TRUE;
    }
  if (first != NULL)
    {
      if (!g_date_time_equal (first, day))
        _imsg_card_import_add_loss (import, line->name, _("There is no room left for “%s”"),
                                    line->value);
      return TRUE;
    }
  return imsg_property_object_set_datetime (IMSG_PROPERTY_OBJECT (import->message), tag, day,
                                            error) &&
         _imsg_named_set_time (import->message, IMSG_SET_ADDRESS, plain_id, day, error);
}

/* --- pages, pictures, keys --- */

static gboolean
set_page (IMsgCardImport         *import,
          const IMsgContentLine  *line,
          GError                **error)
{
  g_autofree char *text = _imsg_content_line_dup_text (line);
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (import->message);
  guint32 tag = _imsg_content_line_has_type (line, "HOME") ? IMSG_PR_PERSONAL_HOME_PAGE
                                                           : IMSG_PR_BUSINESS_HOME_PAGE;

  if (imsg_property_object_has_value (object, tag))
    {
      _imsg_card_import_add_loss (import, "URL", _("There is no room left for “%s”"), text);
      return TRUE;
    }
  return _imsg_card_set_text (import->message, tag, text, error) &&
         (tag != IMSG_PR_BUSINESS_HOME_PAGE ||
          _imsg_named_set_text (import->message, IMSG_SET_ADDRESS, 0x802B, text, error));
}

static const char *
guess_picture_name (GBytes *bytes)
{
  gsize n_bytes = 0;
  const guint8 *data = g_bytes_get_data (bytes, &n_bytes);

  if (n_bytes > 8 && memcmp (data, "\x89PNG", 4) == 0)
    return "ContactPicture.png";
  if (n_bytes > 6 && memcmp (data, "GIF8", 4) == 0)
    return "ContactPicture.gif";
  return "ContactPicture.jpg";
}

static gboolean
set_photo (IMsgCardImport         *import,
           const IMsgContentLine  *line,
           GError                **error)
{
  g_autoptr(GBytes) bytes = _imsg_content_line_decode (line);
  g_autoptr(IMsgAttachment) attachment = NULL;

  if (bytes == NULL || g_bytes_get_size (bytes) == 0 ||
      g_list_model_get_n_items (imsg_message_get_attachments (import->message)) > 0)
    {
      _imsg_card_import_add_loss (import, "PHOTO",
                                  _("A picture that is elsewhere, or a second one, is not kept"));
      return TRUE;
    }
  attachment = imsg_message_create_attachment (import->message, error);
  return attachment != NULL && imsg_attachment_set_bytes (attachment, bytes, error) &&
         imsg_attachment_set_file_name (attachment, guess_picture_name (bytes), error) &&
         imsg_property_object_set_boolean (IMSG_PROPERTY_OBJECT (attachment),
                                           IMSG_PR_ATTACHMENT_CONTACTPHOTO, TRUE, error) &&
         _imsg_named_set_boolean (import->message, IMSG_SET_ADDRESS, 0x8015, TRUE, error);
}

/* Certificates are stored as lists of records, of which one is enough. */
static gboolean
set_key (IMsgCardImport         *import,
         const IMsgContentLine  *line,
         GError                **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (import->message);
  g_autoptr(GBytes) bytes = _imsg_content_line_decode (line);
  gsize n_bytes = 0;
  const guint8 *data = bytes != NULL ? g_bytes_get_data (bytes, &n_bytes) : NULL;
  g_auto(GVariantBuilder) values = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aay"));
  g_autoptr(GByteArray) record = g_byte_array_new ();
  guint16 head[2];

  /* DER begins with a sequence; anything else is a key of another kind */
  if (n_bytes < 2 || data[0] != 0x30 || n_bytes > G_MAXUINT16 - CERTIFICATE_HEAD_BYTES ||
      imsg_property_object_has_value (object, IMSG_PR_USER_X509_CERTIFICATE))
    {
      _imsg_card_import_add_loss (import, "KEY", _("A key that is no certificate is not kept"));
      return TRUE;
    }
  head[0] = GUINT16_TO_LE (CERTIFICATE_RECORD_X509);
  head[1] = GUINT16_TO_LE ((guint16) (n_bytes + CERTIFICATE_HEAD_BYTES));
  g_byte_array_append (record, (const guint8 *) head, sizeof head);
  g_byte_array_append (record, data, (guint) n_bytes);
  g_variant_builder_add_value (
    &values, g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, record->data, record->len, 1));
  return imsg_property_object_set_value (object, IMSG_PR_USER_X509_CERTIFICATE,
                                         g_variant_builder_end (&values), error);
}

static gboolean
set_gender (IMsgCardImport         *import,
            const IMsgContentLine  *line,
            GError                **error)
{
  char first = g_ascii_toupper (*line->value);
  gint64 gender = first == 'F' || first == '1'   ? GENDER_FEMALE
                  : first == 'M' || first == '2' ? GENDER_MALE
                                                 : 0;

  return gender == 0 || imsg_property_object_set_int (IMSG_PROPERTY_OBJECT (import->message),
                                                      IMSG_PR_GENDER, gender, error);
}

static gboolean
set_children (IMsgCardImport  *import,
              GError         **error)
{
  g_autoptr(GPtrArray) children = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < import->card->lines->len; i++)
    {
      const IMsgContentLine *line = g_ptr_array_index (import->card->lines, i);

      if ((strcmp (line->name, "X-MS-CHILD") == 0 ||
           _imsg_card_find_relation (import->card, line) == IMSG_RELATION_CHILD) &&
          *line->value != '\0')
        g_ptr_array_add (children, _imsg_content_line_dup_text (line));
    }
  return children->len == 0 ||
         imsg_property_object_set_value (
           IMSG_PROPERTY_OBJECT (import->message), IMSG_PR_CHILDRENS_NAMES,
           g_variant_new_strv ((const char *const *) children->pdata, children->len), error);
}

static gboolean
set_related (IMsgCardImport         *import,
             const IMsgContentLine  *line,
             IMsgRelation            relation,
             GError                **error)
{
  guint32 tag = _imsg_relation_get_tag (relation);
  g_autofree char *text = _imsg_content_line_dup_text (line);

  if (relation == IMSG_RELATION_ANNIVERSARY)
    return set_day (import, line, IMSG_PR_WEDDING_ANNIVERSARY, 0x80DF, error);
  /* the children are there already */
  if (tag == 0)
    return TRUE;
  if (imsg_property_object_has_value (IMSG_PROPERTY_OBJECT (import->message), tag))
    _imsg_card_import_add_loss (import, line->name, _("There is no room left for “%s”"), text);
  return _imsg_card_set_text (import->message, tag, text, error);
}

/* The picture on the business card that Outlook shows */
static gboolean
set_card_picture (IMsgCardImport         *import,
                  const IMsgContentLine  *line,
                  GError                **error)
{
  g_autoptr(GBytes) bytes = _imsg_content_line_decode (line);

  if (bytes != NULL)
    return _imsg_named_set_bytes (import->message, IMSG_SET_ADDRESS, 0x8041, bytes, error);
  _imsg_card_import_add_loss (import, line->name, _("The property is not kept"));
  return TRUE;
}

/* User-defined fields 1 to 4, in their order */
static gboolean
set_user_text (IMsgCardImport         *import,
               const IMsgContentLine  *line,
               guint                  *n_texts,
               GError                **error)
{
  g_autofree char *text = _imsg_content_line_dup_text (line);

  if (*n_texts >= 4)
    {
      _imsg_card_import_add_loss (import, line->name, _("There is no room left for “%s”"), text);
      return TRUE;
    }
  (*n_texts)++;
  return *text == '\0' || _imsg_named_set_text (import->message, IMSG_SET_ADDRESS,
                                                0x804E + *n_texts, text, error);
}

/* --- all of it --- */

static gboolean
import_text (IMsgCardImport         *import,
             const IMsgContentLine  *line,
             gboolean               *is_taken,
             GError                **error)
{
  g_autofree char *text = _imsg_content_line_dup_text (line);

  *is_taken = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (strcmp (texts[i].name, line->name) == 0)
      {
        if (imsg_property_object_has_value (IMSG_PROPERTY_OBJECT (import->message), texts[i].tag))
          _imsg_card_import_add_loss (import, line->name, _("There is no room left for “%s”"),
                                      text);
        return _imsg_card_set_text (import->message, texts[i].tag, text, error);
      }
  for (guint i = 0; i < G_N_ELEMENTS (named_texts); i++)
    if (strcmp (named_texts[i].name, line->name) == 0)
      {
        g_autofree char *taken = _imsg_card_get_named (import->message, named_texts[i].id);

        if (taken == NULL)
          return _imsg_named_set_text (import->message, IMSG_SET_ADDRESS, named_texts[i].id, text,
                                       error);
        _imsg_card_import_add_loss (import, line->name, _("There is no room left for “%s”"), text);
        return TRUE;
      }
  *is_taken = FALSE;
  return TRUE;
}

static gboolean
import_line (IMsgCardImport         *import,
             IMsgCardPlaces         *places,
             const IMsgContentLine  *line,
             guint                  *n_user_texts,
             GError                **error)
{
  const char *name = line->name;
  IMsgRelation relation = _imsg_card_find_relation (import->card, line);
  gboolean is_taken = FALSE;

  if (relation != IMSG_RELATION_NONE)
    return set_related (import, line, relation, error);
  if (_imsg_card_is_known_label (line))
    return TRUE;
  if (is_in (ignored, G_N_ELEMENTS (ignored), name) || strcmp (name, "X-MS-CHILD") == 0)
    return TRUE;
  if (strcmp (name, "TEL") == 0 || strcmp (name, "X-MS-TEL") == 0)
    return _imsg_card_import_telephone (import, line, error);
  if (strcmp (name, "EMAIL") == 0)
    return _imsg_card_import_mail (import, places, line, error);
  if (strcmp (name, "ADR") == 0)
    return _imsg_card_import_address (import, places, line, error);
  if (strcmp (name, "LABEL") == 0)
    return _imsg_card_import_label (import, places, line, error);
  if (strcmp (name, "ORG") == 0)
    return set_organization (import, line, error);
  if (strcmp (name, "URL") == 0)
    return set_page (import, line, error);
  if (strcmp (name, "BDAY") == 0)
    return set_day (import, line, IMSG_PR_BIRTHDAY, 0x80DE, error);
  if (strcmp (name, "ANNIVERSARY") == 0 || strcmp (name, "X-MS-ANNIVERSARY") == 0 ||
      strcmp (name, "X-ANNIVERSARY") == 0 || strcmp (name, "X-EVOLUTION-ANNIVERSARY") == 0)
    return set_day (import, line, IMSG_PR_WEDDING_ANNIVERSARY, 0x80DF, error);
  if (strcmp (name, "PHOTO") == 0)
    return set_photo (import, line, error);
  if (strcmp (name, "X-MS-CARDPICTURE") == 0)
    return set_card_picture (import, line, error);
  if (strcmp (name, "X-MS-OL-DEFAULT-POSTAL-ADDRESS") == 0)
    return _imsg_card_choose_address (places, line->value);
  if (strcmp (name, "KEY") == 0)
    return set_key (import, line, error);
  if (strcmp (name, "GENDER") == 0 || strcmp (name, "X-WAB-GENDER") == 0)
    return set_gender (import, line, error);
  if (strcmp (name, "X-MS-TEXT") == 0)
    return set_user_text (import, line, n_user_texts, error);
  if (!import_text (import, line, &is_taken, error))
    return FALSE;
  if (!is_taken)
    _imsg_card_import_add_loss (import, name, _("The property is not kept"));
  return TRUE;
}

static gboolean
set_class (IMsgCardImport  *import,
           GError         **error)
{
  const IMsgContentLine *line = _imsg_card_find (import->card, "CLASS");
  int sensitivity = line == NULL                                           ? 0
                    : g_ascii_strcasecmp (line->value, "PRIVATE") == 0      ? SENSITIVITY_PRIVATE
                    : g_ascii_strcasecmp (line->value, "CONFIDENTIAL") == 0 ? SENSITIVITY_CONFIDENTIAL
                                                                            : 0;

  return sensitivity == 0 || imsg_property_object_set_int (IMSG_PROPERTY_OBJECT (import->message),
                                                           IMSG_PR_SENSITIVITY, sensitivity, error);
}

gboolean
_imsg_card_import_common (IMsgCardImport  *import,
                          GError         **error)
{
  g_autoptr(GString) notes = g_string_new (NULL);
  g_autoptr(GPtrArray) keywords = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < import->card->lines->len; i++)
    {
      const IMsgContentLine *line = g_ptr_array_index (import->card->lines, i);
      g_autoptr(GPtrArray) parts = NULL;

      if (strcmp (line->name, "NOTE") == 0)
        {
          g_autofree char *text = _imsg_content_line_dup_text (line);

          if (notes->len > 0 && *text != '\0')
            g_string_append (notes, "\n\n");
          g_string_append (notes, text);
        }
      if (strcmp (line->name, "CATEGORIES") != 0)
        continue;
      parts = _imsg_content_line_split (line, ',');
      for (guint k = 0; k < parts->len; k++)
        if (*(char *) parts->pdata[k] != '\0')
          g_ptr_array_add (keywords, g_strdup (parts->pdata[k]));
    }
  if (notes->len > 0)
    {
      g_autofree char *lines = _imsg_text_end_lines (notes->str, "\r\n");

      if (!imsg_message_set_body (import->message, IMSG_BODY_FORMAT_TEXT, lines, error))
        return FALSE;
    }
  return _imsg_named_set_keywords (import->message, keywords, error) && set_class (import, error);
}

gboolean
_imsg_card_import_contact (IMsgCardImport  *import,
                           GError         **error)
{
  const IMsgContentLine *preferred = _imsg_card_find_preferred_mail (import->card);
  IMsgCardPlaces places = { 0 };
  guint n_user_texts = 0;

  if (!imsg_property_object_set_int (IMSG_PROPERTY_OBJECT (import->message), IMSG_PR_ICON_INDEX,
                                     ICON_CONTACT, error) ||
      !set_names (import, error) || !_imsg_card_import_common (import, error) ||
      !set_children (import, error) ||
      (preferred != NULL && !_imsg_card_import_mail (import, &places, preferred, error)))
    return FALSE;
  for (guint i = 0; i < import->card->lines->len; i++)
    if (import->card->lines->pdata[i] != preferred &&
        !import_line (import, &places, g_ptr_array_index (import->card->lines, i), &n_user_texts,
                     error))
      return FALSE;
  return set_file_as (import, error) && _imsg_card_finish_places (import, &places, error);
}
