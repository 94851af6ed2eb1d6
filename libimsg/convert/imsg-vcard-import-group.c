/* imsg-vcard-import-group.c - a card of a group as a distribution list ([MS-OXOCNTC] 2.2.2)
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-crc-private.h"
#include "imsg-limits-private.h"
#include "imsg-little-endian-private.h"
#include "imsg-named-values-private.h"
#include "imsg-property-tags.h"
#include "imsg-recipient-private.h"
#include "imsg-vcard-import-private.h"

#include <glib/gi18n-lib.h>

#define ICON_DISTRIBUTION_LIST 0x202

/* Outlook reads no more from the two lists of members; longer ones need another property. */
#define MAX_LIST_BYTES 15000

static const guint8 wrapped_provider[16] = {
  0xC0, 0x91, 0xAD, 0xD3, 0x51, 0x9D, 0xCF, 0x11, 0xA4, 0xA9, 0x00, 0xAA, 0x00, 0x47, 0xFA, 0xA4
};

/* The name that our own cards have behind each member */
static char *
find_member_name (IMsgCardImport *import,
                  guint           index)
{
  const IMsgContentLine *next = index + 1 < import->card->lines->len
                                  ? g_ptr_array_index (import->card->lines, index + 1)
                                  : NULL;

  return next != NULL && strcmp (next->name, "X-MS-MEMBER-NAME") == 0
           ? _imsg_content_line_dup_text (next)
           : NULL;
}

/* FALSE for a member that is no address and no card of the stream. */
static gboolean
read_member (IMsgCardImport         *import,
             const IMsgContentLine  *line,
             char                  **name,
             char                  **address)
{
  g_autofree char *uid = _imsg_card_fold_uid (line->value);
  const IMsgCard *card;
  const char *label = _imsg_content_line_get_parameter (line, "CN");

  if (g_ascii_strncasecmp (line->value, "mailto:", 7) == 0 && line->value[7] != '\0')
    {
      *address = g_uri_unescape_string (line->value + 7, NULL);
      if (*address == NULL || !g_utf8_validate (*address, -1, NULL))
        {
          g_free (*address);
          *address = g_strdup (line->value + 7);
        }
      *name = g_strdup (label != NULL && *label != '\0' ? label : *address);
      return TRUE;
    }
  card = g_hash_table_lookup (import->by_uid, uid);
  if (card == NULL || card->mail == NULL)
    return FALSE;
  *name = g_strdup (card->name);
  *address = _imsg_content_line_dup_text (card->mail);
  return TRUE;
}

/* Flags, provider, type 0 for a one-off, the one-off */
static GBytes *
wrap (GBytes *one_off)
{
  g_autoptr(GByteArray) bytes = g_byte_array_new ();
  static const guint8 zeros[4] = { 0 };
  gsize size;
  const guint8 *data = g_bytes_get_data (one_off, &size);

  g_byte_array_append (bytes, zeros, sizeof zeros);
  g_byte_array_append (bytes, wrapped_provider, sizeof wrapped_provider);
  g_byte_array_append (bytes, zeros, 1);
  g_byte_array_append (bytes, data, (guint) size);
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

static gboolean
set_list (IMsgMessage  *message,
          guint32       id,
          GPtrArray    *entries,
          GError      **error)
{
  g_autoptr(IMsgPropertyName) name = imsg_property_name_new_id (IMSG_SET_ADDRESS, id);
  guint property = imsg_property_object_resolve_property_name (IMSG_PROPERTY_OBJECT (message), name,
                                                               TRUE, error);
  g_auto(GVariantBuilder) values = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aay"));

  if (property == 0)
    return FALSE;
  for (guint i = 0; i < entries->len; i++)
    {
      gsize size;
      const guint8 *data = g_bytes_get_data (g_ptr_array_index (entries, i), &size);

      g_variant_builder_add_value (
        &values, g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, data, size, 1));
    }
  return imsg_property_object_set_value (
    IMSG_PROPERTY_OBJECT (message),
    imsg_property_tag (IMSG_PROPERTY_TYPE_MV_BINARY, property), g_variant_builder_end (&values),
    error);
}

static guint32
count_bytes (GPtrArray *entries)
{
  gsize total = 0;

  for (guint i = 0; i < entries->len; i++)
    total += g_bytes_get_size (g_ptr_array_index (entries, i));
  return (guint32) total;
}

/* PidLidDistributionListStream ([MS-OXOCNTC] 2.2.2.2.4): all members in one, however many. */
static GBytes *
build_stream (GPtrArray *members,
              GPtrArray *one_offs)
{
  g_autoptr(GByteArray) bytes = g_byte_array_new ();

  _imsg_append_u32 (bytes, 1);
  _imsg_append_u32 (bytes, 0);
  _imsg_append_u32 (bytes, 0);
  _imsg_append_u32 (bytes, members->len);
  _imsg_append_u32 (bytes, count_bytes (members));
  _imsg_append_u32 (bytes, count_bytes (one_offs));
  _imsg_append_u32 (bytes, 0);
  for (guint i = 0; i < members->len; i++)
    {
      GBytes *parts[] = { g_ptr_array_index (members, i), g_ptr_array_index (one_offs, i) };

      for (guint k = 0; k < G_N_ELEMENTS (parts); k++)
        {
          _imsg_append_u32 (bytes, (guint32) g_bytes_get_size (parts[k]));
          g_byte_array_append (bytes, g_bytes_get_data (parts[k], NULL),
                               (guint) g_bytes_get_size (parts[k]));
        }
      _imsg_append_u32 (bytes, 0);
    }
  _imsg_append_u32 (bytes, 0);
  _imsg_append_u32 (bytes, 0);
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

static gboolean
set_members (IMsgMessage  *message,
             GPtrArray    *members,
             GPtrArray    *one_offs,
             GError      **error)
{
  guint32 checksum = 0;

  if (members->len == 0)
    return TRUE;
  if (count_bytes (members) >= MAX_LIST_BYTES || count_bytes (one_offs) >= MAX_LIST_BYTES)
    {
      g_autoptr(GBytes) stream = build_stream (members, one_offs);

      return _imsg_named_set_bytes (message, IMSG_SET_ADDRESS, 0x8064, stream, error);
    }
  for (guint i = 0; i < members->len; i++)
    checksum = _imsg_crc_continue (checksum,
                                       g_bytes_get_data (g_ptr_array_index (members, i), NULL),
                                       g_bytes_get_size (g_ptr_array_index (members, i)));
  return set_list (message, 0x8055, members, error) && set_list (message, 0x8054, one_offs, error) &&
         _imsg_named_set_int (message, IMSG_SET_ADDRESS, 0x804C, (gint32) checksum, error);
}

static gboolean
is_member (const char *name)
{
  return strcmp (name, "MEMBER") == 0 || strcmp (name, "X-ADDRESSBOOKSERVER-MEMBER") == 0;
}

gboolean
_imsg_card_import_group (IMsgCardImport  *import,
                         GError         **error)
{
  static const char *const known[] = { "VERSION", "PRODID",     "REV",  "UID",  "KIND",
                                       "FN",      "N",          "NOTE", "CLASS", "CATEGORIES",
                                       "X-ADDRESSBOOKSERVER-KIND", "X-MS-MEMBER-NAME" };
  IMsgMessage *message = import->message;
  const char *name = import->card->name;
  g_autoptr(GPtrArray) members = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr(GPtrArray) one_offs = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  gsize n_bytes = 0;

  for (guint i = 0; i < import->card->lines->len; i++)
    {
      const IMsgContentLine *line = g_ptr_array_index (import->card->lines, i);
      g_autofree char *member_name = NULL;
      g_autofree char *own_name = find_member_name (import, i);
      g_autofree char *address = NULL;
      gboolean is_known = FALSE;

      for (guint k = 0; k < G_N_ELEMENTS (known); k++)
        is_known |= strcmp (known[k], line->name) == 0;
      if (!is_known && !is_member (line->name))
        _imsg_card_import_add_loss (import, line->name, _("The property is not kept"));
      if (!is_member (line->name))
        continue;
      if (!read_member (import, line, &member_name, &address))
        {
          _imsg_card_import_add_loss (import, "MEMBER", _("“%s” is nobody that is known here"),
                                      line->value);
          continue;
        }
      /* many members may be the one card of a long name */
      n_bytes += strlen (member_name) + strlen (address);
      if (n_bytes > IMSG_MAX_CALENDAR_BYTES)
        {
          _imsg_card_import_add_loss (import, "MEMBER", _("There is no room left for “%s”"),
                                      line->value);
          continue;
        }
      g_ptr_array_add (one_offs, _imsg_one_off_build (own_name != NULL ? own_name : member_name,
                                                      "SMTP", address, TRUE, 0));
      g_ptr_array_add (members, wrap (one_offs->pdata[one_offs->len - 1]));
    }
  return imsg_property_object_set_int (IMSG_PROPERTY_OBJECT (message), IMSG_PR_ICON_INDEX,
                                       ICON_DISTRIBUTION_LIST, error) &&
         imsg_message_set_subject (message, name, error) &&
         _imsg_card_set_text (message, IMSG_PR_DISPLAY_NAME, name, error) &&
         _imsg_named_set_text (message, IMSG_SET_ADDRESS, 0x8053, name, error) &&
         _imsg_named_set_text (message, IMSG_SET_ADDRESS, 0x8005, name, error) &&
         set_members (message, members, one_offs, error) &&
         _imsg_card_import_common (import, error);
}
