/* mapi-recipients.c - IMessage::ModifyRecipients
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "mapi-object-private.h"

#include <glib/gi18n-lib.h>

/* Entries up to which their rows are looked up one by one */
#define MOST_LOOKED_UP 8

/* One entry, ready to be applied: everything that can be refused was looked at before. */
typedef struct
{
  guint32    row_id;
  gboolean   has_row_id;
  GPtrArray *tags;   /* (element-type guint32 as pointer) */
  GPtrArray *values; /* (element-type GVariant) */
  GPtrArray *raws;   /* (element-type GBytes), NULL where the value says all */
} Entry;

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_ptr_array_unref (entry->tags);
  g_ptr_array_unref (entry->values);
  g_ptr_array_unref (entry->raws);
  g_free (entry);
}

/* What a table row has and a recipient does not keep */
static gboolean
is_of_the_row (ULONG tag)
{
  return PROP_ID (tag) == PROP_ID (PR_ROWID) || PROP_ID (tag) == PROP_ID (PR_INSTANCE_KEY);
}

/* Text that the code page of an 8-bit message has no place for */
static gboolean
can_be_encoded (GVariant *value,
                guint     code_page)
{
  gsize n_texts = 1;
  g_autofree const char **texts = NULL;

  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING_ARRAY))
    texts = g_variant_get_strv (value, &n_texts);
  for (gsize i = 0; i < n_texts; i++)
    {
      const char *text = texts != NULL ? texts[i] : g_variant_get_string (value, NULL);
      g_autoptr(GBytes) bytes = imsg_text_encode (code_page, text, NULL);

      if (bytes == NULL)
        return FALSE;
    }
  return TRUE;
}

/* What no recipient of the message could keep is refused before anything is changed; value is NULL
 * for text that is stored as it is. */
static HRESULT
check_value (MapiObject *self,
             ULONG       tag,
             GVariant   *value,
             guint       code_page)
{
  ULONG id = PROP_ID (tag);

  if (id == PROP_ID_NULL || id == PROP_ID_INVALID)
    return MAPI_E_UNEXPECTED_ID;
  if (id >= 0x8000)
    {
      g_autoptr(IMsgPropertyName) name = imsg_property_object_lookup_name (self->object, id);

      if (name == NULL)
        return MAPI_E_UNEXPECTED_ID;
    }
  if (value != NULL && mapi_is_text_type (PROP_TYPE (tag)) &&
      !imsg_property_object_is_unicode (self->object) &&
      !can_be_encoded (value, code_page))
    return MAPI_E_BAD_CHARWIDTH;
  return S_OK;
}

static HRESULT
take_entry (MapiObject      *self,
            const ADRENTRY  *mod,
            guint            code_page,
            Entry          **out)
{
  Entry *entry = g_new0 (Entry, 1);
  gboolean has_type = FALSE;
  HRESULT hr = S_OK;

  entry->tags = g_ptr_array_new ();
  entry->values = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  entry->raws = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  if (mod->cValues > 0 && mod->rgPropVals == NULL)
    hr = MAPI_E_INVALID_PARAMETER;
  for (ULONG i = 0; i < mod->cValues && SUCCEEDED (hr); i++)
    {
      const SPropValue *value = &mod->rgPropVals[i];
      GVariant *variant = NULL;
      GBytes *raw;

      if (PROP_TYPE (value->ulPropTag) == PT_ERROR)
        continue;
      if (PROP_TYPE (value->ulPropTag) == PT_NULL || PROP_TYPE (value->ulPropTag) == PT_OBJECT)
        {
          hr = MAPI_E_INVALID_PARAMETER;
          break;
        }
      if (value->ulPropTag == PR_ROWID)
        {
          entry->row_id = (guint32) value->Value.l;
          entry->has_row_id = TRUE;
        }
      if (is_of_the_row (value->ulPropTag))
        continue;
      has_type |= value->ulPropTag == PR_RECIPIENT_TYPE;
      hr = mapi_value_to_variant (value, code_page, &variant);
      if (FAILED (hr))
        break;
      g_ptr_array_add (entry->tags, GUINT_TO_POINTER (value->ulPropTag));
      g_ptr_array_add (entry->values, g_variant_ref_sink (variant));
      raw = mapi_value_get_raw_text (value, code_page,
                                     imsg_property_object_is_unicode (self->object));
      g_ptr_array_add (entry->raws, raw);
      hr = check_value (self, value->ulPropTag, raw == NULL ? variant : NULL, code_page);
    }
  if (SUCCEEDED (hr) && !has_type)
    {
      g_ptr_array_add (entry->tags, GUINT_TO_POINTER (PR_RECIPIENT_TYPE));
      g_ptr_array_add (entry->values, g_variant_ref_sink (g_variant_new_int32 (MAPI_TO)));
      g_ptr_array_add (entry->raws, NULL);
    }
  if (FAILED (hr))
    {
      entry_free (entry);
      return hr;
    }
  *out = entry;
  return S_OK;
}

static HRESULT
take_entries (MapiObject *self,
              LPADRLIST   mods,
              GPtrArray  *entries)
{
  guint code_page = mapi_object_get_code_page (self);

  for (ULONG i = 0; i < mods->cEntries; i++)
    {
      Entry *entry = NULL;
      HRESULT hr;

      if (mods->aEntries[i].cValues == 0)
        continue;
      hr = take_entry (self, &mods->aEntries[i], code_page, &entry);
      if (FAILED (hr))
        return hr;
      g_ptr_array_add (entries, entry);
    }
  return S_OK;
}

static HRESULT
check_room (MapiObject *self,
            ULONG       flags,
            GPtrArray  *entries)
{
  GListModel *recipients = imsg_message_get_recipients (IMSG_MESSAGE (self->object));
  guint64 n_rows = flags == MODRECIP_ADD ? g_list_model_get_n_items (recipients) : 0;

  return n_rows + entries->len > imsg_limit_get_default (IMSG_LIMIT_RECIPIENTS) ? MAPI_E_TOO_BIG
                                                                                : S_OK;
}

/* Rows are in the order of their ids, unless somebody has moved them. */
static IMsgRecipient *
find_row (GListModel *recipients,
          guint32     row_id)
{
  guint low = 0, high = g_list_model_get_n_items (recipients);

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      g_autoptr(IMsgRecipient) recipient = g_list_model_get_item (recipients, middle);
      guint32 found = imsg_recipient_get_row_id (recipient);

      if (found == row_id)
        return g_steal_pointer (&recipient);
      if (found < row_id)
        low = middle + 1;
      else
        high = middle;
    }
  return NULL;
}

/* The rows by their ids: of all, or only those that one entry or a few are about. */
static GHashTable *
index_rows (MapiObject *self,
            GPtrArray  *entries)
{
  GListModel *recipients = imsg_message_get_recipients (IMSG_MESSAGE (self->object));
  GHashTable *rows = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  gboolean all_found = entries->len <= MOST_LOOKED_UP;

  for (guint i = 0; i < entries->len && all_found; i++)
    {
      guint32 row_id = ((Entry *) entries->pdata[i])->row_id;
      IMsgRecipient *recipient = find_row (recipients, row_id);

      all_found = recipient != NULL;
      if (all_found)
        g_hash_table_insert (rows, GUINT_TO_POINTER (row_id), recipient);
    }
  if (all_found)
    return rows;
  for (guint i = 0; i < g_list_model_get_n_items (recipients); i++)
    {
      IMsgRecipient *recipient = g_list_model_get_item (recipients, i);

      g_hash_table_insert (rows, GUINT_TO_POINTER (imsg_recipient_get_row_id (recipient)),
                           recipient);
    }
  return rows;
}

/* Computed and read-only properties of a row that was read elsewhere are left out. */
static gboolean
may_be_left_out (const GError *error)
{
  return g_error_matches (error, IMSG_ERROR, IMSG_ERROR_COMPUTED) ||
         g_error_matches (error, IMSG_ERROR, IMSG_ERROR_NO_ACCESS);
}

static HRESULT
put_values (MapiObject    *self,
            IMsgRecipient *recipient,
            Entry         *entry)
{
  for (guint i = 0; i < entry->tags->len; i++)
    {
      IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (recipient);
      ULONG tag = GPOINTER_TO_UINT (entry->tags->pdata[i]);
      g_autoptr(GError) error = NULL;
      gboolean is_put;

      if (entry->raws->pdata[i] != NULL)
        is_put = mapi_object_set_raw (object, tag, entry->raws->pdata[i], &error);
      else
        is_put = imsg_property_object_set_value (object, tag, entry->values->pdata[i], &error);
      if (!is_put && !may_be_left_out (error))
        return mapi_object_take_error (self, &error);
    }
  return S_OK;
}

static HRESULT
remove_row (MapiObject *self,
            guint32     row_id)
{
  g_autoptr(GError) error = NULL;

  if (!imsg_message_remove_recipient (IMSG_MESSAGE (self->object), row_id, &error))
    return mapi_object_take_error (self, &error);
  return S_OK;
}

/* One that cannot be filled takes those before it along. */
static HRESULT
add_entries (MapiObject *self,
             GPtrArray  *entries)
{
  g_autoptr(GArray) row_ids = g_array_new (FALSE, FALSE, sizeof (guint32));
  HRESULT hr = S_OK;

  for (guint i = 0; i < entries->len && SUCCEEDED (hr); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(IMsgRecipient) recipient =
        imsg_message_create_recipient (IMSG_MESSAGE (self->object), &error);
      guint32 row_id;

      if (recipient == NULL)
        {
          hr = mapi_object_take_error (self, &error);
          break;
        }
      row_id = imsg_recipient_get_row_id (recipient);
      g_array_append_val (row_ids, row_id);
      hr = put_values (self, recipient, entries->pdata[i]);
    }
  for (guint i = row_ids->len; FAILED (hr) && i > 0; i--)
    imsg_message_remove_recipient (IMSG_MESSAGE (self->object),
                                   g_array_index (row_ids, guint32, i - 1), NULL);
  return hr;
}

static HRESULT
replace_all (MapiObject *self,
             GPtrArray  *entries)
{
  g_autoptr(GError) error = NULL;
  GListModel *recipients = imsg_message_get_recipients (IMSG_MESSAGE (self->object));

  if (g_list_model_get_n_items (recipients) > 0 &&
      !imsg_property_object_delete_value (self->object, PR_MESSAGE_RECIPIENTS, &error))
    return mapi_object_take_error (self, &error);
  return add_entries (self, entries);
}

static void
clear_values (IMsgRecipient *recipient)
{
  gsize n_tags = 0;
  g_autofree guint32 *tags =
    imsg_property_object_list_tags (IMSG_PROPERTY_OBJECT (recipient), &n_tags);

  for (gsize i = 0; i < n_tags; i++)
    {
      if (!is_of_the_row (tags[i]))
        imsg_property_object_delete_value (IMSG_PROPERTY_OBJECT (recipient), tags[i], NULL);
    }
}

static HRESULT
apply (MapiObject *self,
       ULONG       flags,
       GPtrArray  *entries,
       GHashTable *rows)
{
  if (flags == 0)
    return replace_all (self, entries);
  if (flags == MODRECIP_ADD)
    return add_entries (self, entries);
  for (guint i = 0; i < entries->len; i++)
    {
      Entry *entry = entries->pdata[i];
      IMsgRecipient *recipient = g_hash_table_lookup (rows, GUINT_TO_POINTER (entry->row_id));
      HRESULT hr;

      if (flags == MODRECIP_MODIFY)
        {
          clear_values (recipient);
          hr = put_values (self, recipient, entry);
        }
      else
        {
          hr = remove_row (self, entry->row_id);
        }
      if (FAILED (hr))
        return hr;
    }
  return S_OK;
}

HRESULT
mapi_message_modify_recipients (IMessage  *iface,
                                ULONG      ulFlags,
                                LPADRLIST  lpMods)
{
  MapiObject *self = (MapiObject *) iface;
  g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func (entry_free);
  g_autoptr(GHashTable) rows = NULL;
  g_autoptr(GHashTable) seen = g_hash_table_new (NULL, NULL);
  HRESULT hr = mapi_object_check (self);

  if (FAILED (hr))
    return hr;
  if ((ulFlags & ~(MODRECIP_ADD | MODRECIP_MODIFY | MODRECIP_REMOVE)) != 0)
    return mapi_object_fail (self, MAPI_E_UNKNOWN_FLAGS, _("ModifyRecipients: unknown flags"));
  if (lpMods == NULL || (ulFlags & (ulFlags - 1)) != 0)
    return mapi_object_fail (self, MAPI_E_INVALID_PARAMETER,
                             _("ModifyRecipients: no list, or more than one thing to do"));
  hr = mapi_object_check_write (self);
  if (SUCCEEDED (hr))
    hr = take_entries (self, lpMods, entries);
  if (FAILED (hr))
    return mapi_object_fail (self, hr, _("ModifyRecipients: an entry cannot be taken"));
  hr = check_room (self, ulFlags, entries);
  if (FAILED (hr))
    return mapi_object_fail (self, hr, _("ModifyRecipients: an entry cannot be taken"));
  if (ulFlags == MODRECIP_MODIFY || ulFlags == MODRECIP_REMOVE)
    {
      rows = index_rows (self, entries);
      for (guint i = 0; i < entries->len; i++)
        {
          Entry *entry = entries->pdata[i];
          gpointer key = GUINT_TO_POINTER (entry->row_id);

          if (!entry->has_row_id)
            return mapi_object_fail (self, MAPI_E_INVALID_PARAMETER,
                                     _("ModifyRecipients: an entry without its row id"));
          if (!g_hash_table_contains (rows, key) ||
              (ulFlags == MODRECIP_REMOVE && !g_hash_table_add (seen, key)))
            return mapi_object_fail (self, MAPI_E_NOT_FOUND,
                                     _("ModifyRecipients: there is no such row"));
        }
    }
  if (ulFlags == 0)
    mapi_message_begin_batch (self);
  else
    mapi_message_begin_gathering (self);
  hr = apply (self, ulFlags, entries, rows);
  if (ulFlags == 0)
    mapi_message_end_batch (self);
  else
    mapi_message_end_gathering (self);
  return hr;
}
