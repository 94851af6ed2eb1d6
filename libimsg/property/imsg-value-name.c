/* imsg-value-name.c - names of flags and of enumerated values
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-value-name.h"

#include "imsg-catalog-private.h"

/**
 * IMsgValueName:
 *
 * What one bit, or one value, of a number means.
 *
 * The catalogue names the bits of flags (`MSGFLAG_READ` of `PR_MESSAGE_FLAGS`) and the values of
 * enumerations (`IMPORTANCE_HIGH` of `PR_IMPORTANCE`). Some properties have both: values in one
 * part of the number, which the mask tells, and bits in the rest.
 *
 * Names are part of the library: they live as long as it is loaded, and may cross threads.
 *
 * Source: the values that [MS-OXPROPS] and the documents behind it define; `mapidefs.h`.
 *
 * Since: 1.0
 */

/* The table of the catalogue, seen from outside */
struct _IMsgValueName
{
  IMsgFlagName flag;
};

static gpointer
copy (gpointer boxed)
{
  return boxed;
}

static void
release (gpointer boxed)
{
}

G_DEFINE_BOXED_TYPE (IMsgValueName, imsg_value_name, copy, release)

/**
 * imsg_value_name_list:
 * @tag: a property tag; of a type for error codes, their names are listed
 * @name: (nullable): its name, when it is a named property
 *
 * Lists the names that the values of a property have.
 *
 * Returns: (transfer container) (element-type IMsgValueName): the names, in the order of the
 *   catalogue; empty when none is known
 * Since: 1.0
 */
GPtrArray *
imsg_value_name_list (guint32                 tag,
                      const IMsgPropertyName *name)
{
  GPtrArray *list = g_ptr_array_new ();
  gsize n_flags = 0;
  const IMsgFlagName *flags = NULL;

  if (imsg_property_tag_get_property_type (tag) == IMSG_PROPERTY_TYPE_ERROR)
    flags = _imsg_catalog_get_field_flags ("SCODE", &n_flags);
  else
    flags = _imsg_catalog_get_flags (tag, name, &n_flags);
  for (gsize i = 0; i < n_flags; i++)
    g_ptr_array_add (list, (gpointer) &flags[i]);
  return list;
}

/**
 * imsg_value_name_get_name:
 * @self: a name
 *
 * Gives the name itself, as `MSGFLAG_READ`.
 *
 * Returns: the name
 * Since: 1.0
 */
const char *
imsg_value_name_get_name (const IMsgValueName *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->flag.name;
}

/**
 * imsg_value_name_get_mask:
 * @self: a name
 *
 * Gives the bits of the number that the name is about.
 *
 * Returns: the mask: all bits for a plain enumeration
 * Since: 1.0
 */
guint32
imsg_value_name_get_mask (const IMsgValueName *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->flag.is_flag ? self->flag.value : self->flag.mask;
}

/**
 * imsg_value_name_get_value:
 * @self: a name
 *
 * Gives what those bits are when the name applies.
 *
 * Returns: the value; for a flag, the bit
 * Since: 1.0
 */
guint32
imsg_value_name_get_value (const IMsgValueName *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->flag.value;
}

/**
 * imsg_value_name_is_flag:
 * @self: a name
 *
 * Tells a flag, which others may stand beside, from one of several values that exclude each other.
 *
 * Returns: whether it is a flag
 * Since: 1.0
 */
gboolean
imsg_value_name_is_flag (const IMsgValueName *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->flag.is_flag;
}

/**
 * imsg_value_name_matches:
 * @self: a name
 * @number: a value of the property, as 32 bits
 *
 * Tells whether a number has the flag, or the value.
 *
 * Returns: whether the name applies to it
 * Since: 1.0
 */
gboolean
imsg_value_name_matches (const IMsgValueName *self,
                         guint32              number)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (self->flag.is_flag)
    return self->flag.value != 0 && (number & self->flag.value) == self->flag.value;
  return (number & self->flag.mask) == self->flag.value;
}
