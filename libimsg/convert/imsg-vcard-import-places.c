/* imsg-vcard-import-places.c - where the person of a card is reached
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-named-values-private.h"
#include "imsg-property-tags.h"
#include "imsg-recipient-private.h"
#include "imsg-text-lines-private.h"
#include "imsg-vcard-import-private.h"

#include <glib/gi18n-lib.h>

#define MAX_MAILS 3
#define MAX_TELEPHONES 2
#define N_ADDRESS_PARTS 7

enum
{
  PLACE_HOME = 1,
  PLACE_WORK = 2,
  PLACE_OTHER = 3,
};

/* The first row whose types the line has all; then the first property that is not taken. */
static const struct
{
  const char *types[2];
  guint32     tags[MAX_TELEPHONES];
} telephones[] = {
  { { "FAX", "HOME" }, { IMSG_PR_HOME_FAX_NUMBER } },
  { { "FAX", "WORK" }, { IMSG_PR_BUSINESS_FAX_NUMBER } },
  { { "FAX" }, { IMSG_PR_PRIMARY_FAX_NUMBER } },
  { { "PAGER" }, { IMSG_PR_PAGER_TELEPHONE_NUMBER } },
  { { "CELL" }, { IMSG_PR_MOBILE_TELEPHONE_NUMBER } },
  { { "MOBILE" }, { IMSG_PR_MOBILE_TELEPHONE_NUMBER } },
  { { "IPHONE" }, { IMSG_PR_MOBILE_TELEPHONE_NUMBER } },
  { { "CAR" }, { IMSG_PR_CAR_TELEPHONE_NUMBER } },
  { { "ISDN" }, { IMSG_PR_ISDN_NUMBER } },
  { { "TEXTPHONE" }, { IMSG_PR_TTYTDD_PHONE_NUMBER } },
  { { "TTYTTD" }, { IMSG_PR_TTYTDD_PHONE_NUMBER } },
  { { "ASSISTANT" }, { IMSG_PR_ASSISTANT_TELEPHONE_NUMBER } },
  { { "CALLBACK" }, { IMSG_PR_CALLBACK_TELEPHONE_NUMBER } },
  { { "COMPANY" }, { IMSG_PR_COMPANY_MAIN_PHONE_NUMBER } },
  { { "MAIN" }, { IMSG_PR_COMPANY_MAIN_PHONE_NUMBER } },
  { { "RADIO" }, { IMSG_PR_RADIO_TELEPHONE_NUMBER } },
  { { "HOME" }, { IMSG_PR_HOME_TELEPHONE_NUMBER, IMSG_PR_HOME2_TELEPHONE_NUMBER } },
  { { "WORK" }, { IMSG_PR_BUSINESS_TELEPHONE_NUMBER, IMSG_PR_BUSINESS2_TELEPHONE_NUMBER } },
  { { "PREF" }, { IMSG_PR_PRIMARY_TELEPHONE_NUMBER, IMSG_PR_OTHER_TELEPHONE_NUMBER } },
  { { NULL }, { IMSG_PR_OTHER_TELEPHONE_NUMBER, IMSG_PR_PRIMARY_TELEPHONE_NUMBER } },
};

/* Of ADR: box, extended, street, city, region, code, country */
typedef struct
{
  guint32 tags[N_ADDRESS_PARTS]; /* tagged, or 0 */
  guint32 label_id;              /* named */
} AddressPlace;

static const AddressPlace address_places[] = {
  [PLACE_HOME] = { { IMSG_PR_HOME_ADDRESS_POST_OFFICE_BOX, 0, IMSG_PR_HOME_ADDRESS_STREET,
                     IMSG_PR_HOME_ADDRESS_CITY, IMSG_PR_HOME_ADDRESS_STATE_OR_PROVINCE,
                     IMSG_PR_HOME_ADDRESS_POSTAL_CODE, IMSG_PR_HOME_ADDRESS_COUNTRY },
                   0x801A },
  /* the address at work is named properties, and these repeat the one that letters go to */
  [PLACE_WORK] = { { IMSG_PR_POST_OFFICE_BOX, 0, IMSG_PR_STREET_ADDRESS, IMSG_PR_LOCALITY,
                     IMSG_PR_STATE_OR_PROVINCE, IMSG_PR_POSTAL_CODE, IMSG_PR_COUNTRY },
                   0x801B },
  [PLACE_OTHER] = { { IMSG_PR_OTHER_ADDRESS_POST_OFFICE_BOX, 0, IMSG_PR_OTHER_ADDRESS_STREET,
                      IMSG_PR_OTHER_ADDRESS_CITY, IMSG_PR_OTHER_ADDRESS_STATE_OR_PROVINCE,
                      IMSG_PR_OTHER_ADDRESS_POSTAL_CODE, IMSG_PR_OTHER_ADDRESS_COUNTRY },
                    0x801C },
};
static const guint32 work_ids[N_ADDRESS_PARTS] = { 0x804A, 0, 0x8045, 0x8046, 0x8047, 0x8048,
                                                   0x8049 };

static gboolean
is_preferred (const IMsgContentLine *line)
{
  return _imsg_content_line_has_type (line, "PREF") ||
         g_strcmp0 (_imsg_content_line_get_parameter (line, "PREF"), "1") == 0;
}

const IMsgContentLine *
_imsg_card_find_preferred_mail (const IMsgCard *card)
{
  for (guint i = 0; i < card->lines->len; i++)
    {
      const IMsgContentLine *line = g_ptr_array_index (card->lines, i);

      if (strcmp (line->name, "EMAIL") == 0 && is_preferred (line))
        return line;
    }
  return card->mail;
}

/* --- telephones --- */

gboolean
_imsg_card_import_telephone (IMsgCardImport        *import,
                             const IMsgContentLine *line,
                             GError               **error)
{
  g_autofree char *text = _imsg_content_line_dup_text (line);
  const char *number = g_ascii_strncasecmp (text, "tel:", 4) == 0 ? text + 4 : text;
  gboolean is_matched = FALSE;

  if (*number == '\0')
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (telephones); i++)
    {
      gboolean has_types = TRUE;
      gboolean is_rest = telephones[i].types[0] == NULL;

      for (guint k = 0; k < 2 && telephones[i].types[k] != NULL; k++)
        has_types &= _imsg_content_line_has_type (line, telephones[i].types[k]);
      /* a second fax is no telephone */
      if (!has_types || (is_rest && is_matched && _imsg_content_line_has_type (line, "FAX")))
        continue;
      is_matched = TRUE;
      for (guint k = 0; k < MAX_TELEPHONES && telephones[i].tags[k] != 0; k++)
        if (!imsg_property_object_has_value (IMSG_PROPERTY_OBJECT (import->message),
                                             telephones[i].tags[k]))
          return _imsg_card_set_text (import->message, telephones[i].tags[k], number, error);
    }
  _imsg_card_import_add_loss (import, "TEL", _("There is no room left for “%s”"), number);
  return TRUE;
}

/* --- mail addresses --- */

/* Display name, type, address, original display name, original entry id */
gboolean
_imsg_card_import_mail (IMsgCardImport        *import,
                        IMsgCardPlaces        *places,
                        const IMsgContentLine *line,
                        GError               **error)
{
  g_autofree char *address = _imsg_content_line_dup_text (line);
  const char *name = import->card->name;
  g_autofree char *shown = NULL;
  g_autoptr(GBytes) entry_id = NULL;
  guint32 base = 0x8080 + 0x10 * places->n_mails;

  g_strstrip (address);
  if (*address == '\0')
    return TRUE;
  if (places->n_mails >= MAX_MAILS)
    {
      _imsg_card_import_add_loss (import, "EMAIL", _("There is no room left for “%s”"), address);
      return TRUE;
    }
  shown = strcmp (name, address) == 0 ? g_strdup (address)
                                      : g_strdup_printf ("%s (%s)", name, address);
  entry_id = _imsg_one_off_build (shown, "SMTP", address, TRUE, 0);
  places->n_mails++;
  return _imsg_named_set_text (import->message, IMSG_SET_ADDRESS, base, shown, error) &&
         _imsg_named_set_text (import->message, IMSG_SET_ADDRESS, base + 2, "SMTP", error) &&
         _imsg_named_set_text (import->message, IMSG_SET_ADDRESS, base + 3, address, error) &&
         _imsg_named_set_text (import->message, IMSG_SET_ADDRESS, base + 4, address, error) &&
         _imsg_named_set_bytes (import->message, IMSG_SET_ADDRESS, base + 5, entry_id, error);
}

/* --- postal addresses --- */

static guint
get_place (const IMsgContentLine *line)
{
  return _imsg_content_line_has_type (line, "HOME")   ? PLACE_HOME
         : _imsg_content_line_has_type (line, "WORK") ? PLACE_WORK
                                                      : PLACE_OTHER;
}

/* RFC 6350 and RFC 6868 write the line ends and quotes of a parameter in two ways. */
static char *
dup_label (const IMsgContentLine *line)
{
  static const char *const escapes[][2] = { { "\\n", "\n" }, { "\\N", "\n" }, { "\\,", "," },
                                            { "\\;", ";" },  { "^n", "\n" },  { "^'", "\"" },
                                            { "^^", "^" } };
  const char *label = _imsg_content_line_get_parameter (line, "LABEL");
  g_autoptr(GString) text = label != NULL ? g_string_new (NULL) : NULL;

  while (label != NULL && *label != '\0')
    {
      guint i = 0;

      while (i < G_N_ELEMENTS (escapes) && !g_str_has_prefix (label, escapes[i][0]))
        i++;
      if (i < G_N_ELEMENTS (escapes))
        g_string_append (text, escapes[i][1]);
      else
        g_string_append_c (text, *label);
      label += i < G_N_ELEMENTS (escapes) ? 2 : 1;
    }
  return text != NULL ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}

/* The lines of an envelope, as far as there are parts for them. */
static char *
join_address (GPtrArray *parts)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < MIN (parts->len, N_ADDRESS_PARTS); i++)
    if (*(char *) parts->pdata[i] != '\0')
      {
        if (text->len > 0)
          g_string_append (text, i == 4 || i == 5 ? " " : "\r\n");
        g_string_append (text, parts->pdata[i]);
      }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

gboolean
_imsg_card_import_label (IMsgCardImport        *import,
                         IMsgCardPlaces        *places,
                         const IMsgContentLine *line,
                         GError               **error)
{
  guint bit = 1u << get_place (line);
  g_autofree char *text = _imsg_content_line_dup_text (line);
  g_autofree char *label = _imsg_text_end_lines (text, "\r\n");

  /* it belongs to a second address, for which there is no room either */
  if ((places->labels & bit) != 0)
    {
      _imsg_card_import_add_loss (import, "LABEL", _("There is no room left for “%s”"), text);
      return TRUE;
    }
  places->labels |= bit;
  return _imsg_named_set_text (import->message, IMSG_SET_ADDRESS,
                               address_places[get_place (line)].label_id, label, error);
}

gboolean
_imsg_card_import_address (IMsgCardImport        *import,
                           IMsgCardPlaces        *places,
                           const IMsgContentLine *line,
                           GError               **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (import->message);
  guint place = get_place (line);
  const AddressPlace *where = &address_places[place];
  g_autoptr(GPtrArray) parts = _imsg_content_line_split (line, ';');
  g_autofree char *label = dup_label (line);
  g_autofree char *street = NULL;
  g_autofree char *joined = NULL;
  g_autofree char *whole = NULL;
  gboolean is_taken = FALSE;

  for (guint i = 0; i < N_ADDRESS_PARTS; i++)
    is_taken |= where->tags[i] != 0 && imsg_property_object_has_value (object, where->tags[i]);
  joined = join_address (parts);
  whole = _imsg_text_end_lines (label != NULL ? label : joined, "\r\n");
  if (is_taken)
    {
      _imsg_card_import_add_loss (import, "ADR", _("There is no room left for “%s”"), whole);
      return TRUE;
    }
  /* the extended address has no property: it goes before the street */
  if (parts->len > 2 && *(char *) parts->pdata[1] != '\0')
    {
      street = *(char *) parts->pdata[2] != '\0'
                 ? g_strconcat (parts->pdata[1], "\r\n", parts->pdata[2], NULL)
                 : g_strdup (parts->pdata[1]);
    }
  for (guint i = 0; i < MIN (N_ADDRESS_PARTS, parts->len); i++)
    {
      const char *part = i == 2 && street != NULL ? street : parts->pdata[i];
      g_autofree char *text = _imsg_text_end_lines (part, "\r\n");

      if (where->tags[i] != 0 && !_imsg_card_set_text (import->message, where->tags[i], text, error))
        return FALSE;
      if (place == PLACE_WORK && work_ids[i] != 0 &&
          !_imsg_named_set_text (import->message, IMSG_SET_ADDRESS, work_ids[i], text, error))
        return FALSE;
    }
  if (places->preferred_address == 0 || is_preferred (line))
    places->preferred_address = place;
  return _imsg_named_set_text (import->message, IMSG_SET_ADDRESS, where->label_id,
                               whole, error);
}

gboolean
_imsg_card_choose_address (IMsgCardPlaces *places,
                           const char     *number)
{
  guint64 place;

  if (g_ascii_string_to_unsigned (number, 10, PLACE_HOME, PLACE_OTHER, &place, NULL))
    places->chosen_address = (guint) place;
  return TRUE;
}

/* --- at the end --- */

static guint32
create_tag (IMsgMessage       *message,
            guint32            id,
            IMsgPropertyType   type,
            GError           **error)
{
  g_autoptr(IMsgPropertyName) name = imsg_property_name_new_id (IMSG_SET_ADDRESS, id);
  guint property = imsg_property_object_resolve_property_name (IMSG_PROPERTY_OBJECT (message), name,
                                                               TRUE, error);

  return property != 0 ? imsg_property_tag (type, property) : 0;
}

/* The address of the place that letters go to, once more in the tags that stand for that. */
static gboolean
repeat_address (IMsgMessage  *message,
                guint         place,
                GError      **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  const AddressPlace *from = &address_places[place];
  const AddressPlace *to = &address_places[PLACE_WORK];
  g_autofree char *whole = _imsg_card_get_named (message, from->label_id);

  for (guint i = 0; i < N_ADDRESS_PARTS && place != PLACE_WORK; i++)
    {
      g_autofree char *text =
        from->tags[i] != 0 ? imsg_property_object_get_string (object, from->tags[i]) : NULL;

      if (to->tags[i] != 0 && imsg_property_object_has_value (object, to->tags[i]) &&
          !imsg_property_object_delete_value (object, to->tags[i], error))
        return FALSE;
      if (text != NULL && !imsg_property_object_set_string (object, to->tags[i], text, error))
        return FALSE;
    }
  return whole == NULL ||
         imsg_property_object_set_string (object, IMSG_PR_POSTAL_ADDRESS, whole, error);
}

gboolean
_imsg_card_finish_places (IMsgCardImport       *import,
                          const IMsgCardPlaces *places,
                          GError              **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (import->message);
  g_auto(GVariantBuilder) indices = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("ai"));
  guint preferred = places->chosen_address != 0 ? places->chosen_address
                                                : places->preferred_address;
  guint32 tag;

  if (preferred != 0 &&
      (!_imsg_named_set_int (import->message, IMSG_SET_ADDRESS, 0x8022, preferred, error) ||
       !repeat_address (import->message, preferred, error)))
    return FALSE;
  if (places->n_mails == 0)
    return TRUE;
  /* without these two the addresses are not seen in the address book */
  for (guint i = 0; i < places->n_mails; i++)
    g_variant_builder_add (&indices, "i", (int) i);
  tag = create_tag (import->message, 0x8028, IMSG_PROPERTY_TYPE_MV_LONG, error);
  return tag != 0 &&
         imsg_property_object_set_value (object, tag, g_variant_builder_end (&indices), error) &&
         _imsg_named_set_int (import->message, IMSG_SET_ADDRESS, 0x8029,
                              (1 << places->n_mails) - 1, error);
}
