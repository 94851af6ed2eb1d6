/* imsg-restriction-evaluate.c - whether a row passes a restriction
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-message.h"
#include "imsg-property-tags.h"
#include "imsg-restriction-private.h"

#include <glib/gi18n-lib.h>

/* --- comparing --- */

char *
_imsg_text_fold (const char *text,
                 guint32     fuzzy_level)
{
  gboolean without_marks =
    (fuzzy_level & (IMSG_FUZZY_IGNORE_NON_SPACE | IMSG_FUZZY_LOOSE)) != 0;
  gboolean without_case = (fuzzy_level & (IMSG_FUZZY_IGNORE_CASE | IMSG_FUZZY_LOOSE)) != 0;
  g_autofree char *bare = NULL;

  if (without_marks)
    {
      g_autofree char *decomposed = g_utf8_normalize (text, -1, G_NORMALIZE_NFD);
      GString *kept = g_string_new (NULL);

      for (const char *p = decomposed; p != NULL && *p != '\0'; p = g_utf8_next_char (p))
        {
          gunichar c = g_utf8_get_char (p);

          if (g_unichar_type (c) != G_UNICODE_NON_SPACING_MARK)
            g_string_append_unichar (kept, c);
        }
      bare = g_string_free (kept, FALSE);
      text = bare;
    }
  return without_case ? g_utf8_casefold (text, -1) : g_strdup (text);
}

#define COMPARE(a, b) ((a) < (b) ? -1 : (a) > (b))

static int
compare_bytes (gconstpointer a,
               gsize         n_a,
               gconstpointer b,
               gsize         n_b)
{
  gsize n = MIN (n_a, n_b);
  int order = n > 0 ? memcmp (a, b, n) : 0;

  return order != 0 ? order : COMPARE (n_a, n_b);
}

static int
compare_scalars (GVariant *a,
                 GVariant *b)
{
  switch (g_variant_classify (a))
    {
    case G_VARIANT_CLASS_BOOLEAN:
      return COMPARE (g_variant_get_boolean (a), g_variant_get_boolean (b));
    case G_VARIANT_CLASS_INT16:
      return COMPARE (g_variant_get_int16 (a), g_variant_get_int16 (b));
    case G_VARIANT_CLASS_INT32:
      return COMPARE (g_variant_get_int32 (a), g_variant_get_int32 (b));
    case G_VARIANT_CLASS_UINT32:
      return COMPARE (g_variant_get_uint32 (a), g_variant_get_uint32 (b));
    case G_VARIANT_CLASS_INT64:
      return COMPARE (g_variant_get_int64 (a), g_variant_get_int64 (b));
    case G_VARIANT_CLASS_UINT64:
      return COMPARE (g_variant_get_uint64 (a), g_variant_get_uint64 (b));
    case G_VARIANT_CLASS_DOUBLE:
      return COMPARE (g_variant_get_double (a), g_variant_get_double (b));
    case G_VARIANT_CLASS_STRING:
      return strcmp (g_variant_get_string (a, NULL), g_variant_get_string (b, NULL));
    default:
      return 0;
    }
}

int
_imsg_variant_compare (GVariant *a,
                       GVariant *b)
{
  gsize n_a, n_b;

  if (!g_variant_type_equal (g_variant_get_type (a), g_variant_get_type (b)))
    return strcmp (g_variant_get_type_string (a), g_variant_get_type_string (b));
  if (g_variant_classify (a) != G_VARIANT_CLASS_ARRAY)
    return compare_scalars (a, b);
  if (g_variant_is_of_type (a, G_VARIANT_TYPE_BYTESTRING))
    {
      const void *bytes_a = g_variant_get_fixed_array (a, &n_a, 1);
      const void *bytes_b = g_variant_get_fixed_array (b, &n_b, 1);

      return compare_bytes (bytes_a, n_a, bytes_b, n_b);
    }
  n_a = g_variant_n_children (a);
  n_b = g_variant_n_children (b);
  for (gsize i = 0; i < MIN (n_a, n_b); i++)
    {
      g_autoptr(GVariant) item_a = g_variant_get_child_value (a, i);
      g_autoptr(GVariant) item_b = g_variant_get_child_value (b, i);
      int order = _imsg_variant_compare (item_a, item_b);

      if (order != 0)
        return order;
    }
  return COMPARE (n_a, n_b);
}

static gboolean
relation_holds (int     order,
                guint32 relation)
{
  switch (relation)
    {
    case IMSG_RELATION_LT:
      return order < 0;
    case IMSG_RELATION_LE:
      return order <= 0;
    case IMSG_RELATION_GT:
      return order > 0;
    case IMSG_RELATION_GE:
      return order >= 0;
    case IMSG_RELATION_EQ:
      return order == 0;
    case IMSG_RELATION_NE:
      return order != 0;
    default:
      return FALSE;
    }
}

static gboolean
bytes_contain (gconstpointer haystack,
               gsize         n_haystack,
               gconstpointer needle,
               gsize         n_needle,
               guint32       how)
{
  switch (how & 0xFFFF)
    {
    case IMSG_FUZZY_SUBSTRING:
      return n_needle == 0 || memmem (haystack, n_haystack, needle, n_needle) != NULL;
    case IMSG_FUZZY_PREFIX:
      return n_haystack >= n_needle && (n_needle == 0 || memcmp (haystack, needle, n_needle) == 0);
    default:
      return compare_bytes (haystack, n_haystack, needle, n_needle) == 0;
    }
}

static gboolean
content_matches (const IMsgRestriction *self,
                 GVariant              *value)
{
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING) && self->folded != NULL)
    {
      const char *text = g_variant_get_string (value, NULL);
      g_autofree char *folded = NULL;

      if ((self->number & 0xFFFF0000) != 0)
        text = folded = _imsg_text_fold (text, self->number);
      return bytes_contain (text, strlen (text), self->folded, strlen (self->folded),
                            self->number);
    }
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_BYTESTRING) &&
      g_variant_is_of_type (self->value, G_VARIANT_TYPE_BYTESTRING))
    {
      gsize n_bytes, n_needle;
      const void *bytes = g_variant_get_fixed_array (value, &n_bytes, 1);
      const void *needle = g_variant_get_fixed_array (self->value, &n_needle, 1);

      return bytes_contain (bytes, n_bytes, needle, n_needle, self->number);
    }
  return FALSE;
}

static gboolean
value_matches (const IMsgRestriction *self,
               GVariant              *value)
{
  if (self->kind == IMSG_RESTRICTION_CONTENT)
    return content_matches (self, value);
  return g_variant_type_equal (g_variant_get_type (value), g_variant_get_type (self->value)) &&
         relation_holds (_imsg_variant_compare (value, self->value), self->number);
}

/* A multi-valued property against one value passes with any of its values. */
static gboolean
property_matches (const IMsgRestriction *self,
                  const IMsgRowSource   *source,
                  gpointer               row,
                  gpointer               user_data)
{
  g_autoptr(GVariant) value = source->get_value (row, self->tag, user_data);

  if (value == NULL)
    return FALSE;
  if ((self->tag & IMSG_MULTI_VALUE_FLAG) == 0 || (self->other_tag & IMSG_MULTI_VALUE_FLAG) != 0)
    return value_matches (self, value);
  for (gsize i = 0; i < g_variant_n_children (value); i++)
    {
      g_autoptr(GVariant) item = g_variant_get_child_value (value, i);

      if (value_matches (self, item))
        return TRUE;
    }
  return FALSE;
}

static gboolean
compare_matches (const IMsgRestriction *self,
                 const IMsgRowSource   *source,
                 gpointer               row,
                 gpointer               user_data)
{
  g_autoptr(GVariant) value_1 = source->get_value (row, self->tag, user_data);
  g_autoptr(GVariant) value_2 = source->get_value (row, self->other_tag, user_data);

  if (value_1 == NULL || value_2 == NULL ||
      !g_variant_type_equal (g_variant_get_type (value_1), g_variant_get_type (value_2)))
    return FALSE;
  return relation_holds (_imsg_variant_compare (value_1, value_2), self->number);
}

static gboolean
bit_mask_matches (const IMsgRestriction *self,
                  const IMsgRowSource   *source,
                  gpointer               row,
                  gpointer               user_data)
{
  g_autoptr(GVariant) value = source->get_value (row, self->tag, user_data);

  if (value == NULL || !g_variant_is_of_type (value, G_VARIANT_TYPE_INT32))
    return FALSE;
  return (((guint32) g_variant_get_int32 (value) & self->number) != 0) == !!self->non_zero;
}

/* --- where the values come from --- */

static GVariant *
get_object_value (gpointer row,
                  guint32  tag,
                  gpointer user_data)
{
  return imsg_property_object_get_value (row, tag, NULL);
}

static gboolean
has_object_value (gpointer row,
                  guint32  tag,
                  gpointer user_data)
{
  return imsg_property_object_has_value (row, tag);
}

static guint64
get_object_size (gpointer row,
                 guint32  tag,
                 gpointer user_data)
{
  return imsg_property_object_get_value_size (row, tag);
}

static const IMsgRowSource object_source = {
  get_object_value,
  has_object_value,
  get_object_size,
};

static gboolean
sub_object_matches (const IMsgRestriction *self,
                    gpointer               row)
{
  GListModel *list = NULL;

  if (!IMSG_IS_MESSAGE (row))
    return FALSE;
  if (self->tag == IMSG_PR_MESSAGE_RECIPIENTS)
    list = imsg_message_get_recipients (row);
  else if (self->tag == IMSG_PR_MESSAGE_ATTACHMENTS)
    list = imsg_message_get_attachments (row);
  if (list == NULL)
    return FALSE;
  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr(GObject) item = g_list_model_get_item (list, i);

      if (_imsg_restriction_evaluate (self->children[0], &object_source, item, NULL))
        return TRUE;
    }
  return FALSE;
}

/* Recursive, but never deeper than imsg_restriction_check() allows. */
gboolean
_imsg_restriction_evaluate (const IMsgRestriction *self,
                            const IMsgRowSource   *source,
                            gpointer               row,
                            gpointer               user_data)
{
  switch (self->kind)
    {
    case IMSG_RESTRICTION_AND:
      for (gsize i = 0; i < self->n_children; i++)
        {
          if (!_imsg_restriction_evaluate (self->children[i], source, row, user_data))
            return FALSE;
        }
      return TRUE;
    case IMSG_RESTRICTION_OR:
      for (gsize i = 0; i < self->n_children; i++)
        {
          if (_imsg_restriction_evaluate (self->children[i], source, row, user_data))
            return TRUE;
        }
      return FALSE;
    case IMSG_RESTRICTION_NOT:
      return !_imsg_restriction_evaluate (self->children[0], source, row, user_data);
    case IMSG_RESTRICTION_CONTENT:
    case IMSG_RESTRICTION_PROPERTY:
      return property_matches (self, source, row, user_data);
    case IMSG_RESTRICTION_COMPARE:
      return compare_matches (self, source, row, user_data);
    case IMSG_RESTRICTION_BIT_MASK:
      return bit_mask_matches (self, source, row, user_data);
    case IMSG_RESTRICTION_SIZE:
      return source->has_value (row, self->tag, user_data) &&
             relation_holds (COMPARE (source->get_size (row, self->tag, user_data), self->n_bytes),
                             self->number);
    case IMSG_RESTRICTION_EXIST:
      return source->has_value (row, self->tag, user_data);
    case IMSG_RESTRICTION_SUB_OBJECT:
      return sub_object_matches (self, row);
    case IMSG_RESTRICTION_COMMENT:
      return self->n_children == 0 ||
             _imsg_restriction_evaluate (self->children[0], source, row, user_data);
    case IMSG_RESTRICTION_COUNT:
      return self->number > 0 &&
             _imsg_restriction_evaluate (self->children[0], source, row, user_data);
    default:
      return FALSE;
    }
}

/**
 * imsg_restriction_matches:
 * @self: a restriction
 * @object: the object to ask
 * @error: return location for an error
 *
 * Tells whether an object meets a restriction.
 *
 * What is absent, or stored as another type, meets no condition of its own; nothing here fails
 * because of what a file holds.
 *
 * Fails as [method@IMsg.Restriction.check] does, with `IMSG_ERROR_TOO_COMPLEX` when anything but a
 * message is asked about recipients or attachments, and with `IMSG_ERROR_CLOSED`.
 *
 * Returns: whether it does; %FALSE also on error
 * Since: 1.0
 */
gboolean
imsg_restriction_matches (IMsgRestriction     *self,
                          IMsgPropertyObject  *object,
                          GError             **error)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (IMSG_IS_PROPERTY_OBJECT (object), FALSE);

  if (!imsg_restriction_check (self, error))
    return FALSE;
  if (imsg_property_object_is_closed (object))
    {
      g_set_error_literal (error, IMSG_ERROR, IMSG_ERROR_CLOSED, _("The object is closed"));
      return FALSE;
    }
  if (!IMSG_IS_MESSAGE (object) && _imsg_restriction_contains (self, IMSG_RESTRICTION_SUB_OBJECT))
    {
      g_set_error_literal (error, IMSG_ERROR, IMSG_ERROR_TOO_COMPLEX,
                           _("Only messages have recipients and attachments"));
      return FALSE;
    }
  return _imsg_restriction_evaluate (self, &object_source, object, NULL);
}
