/* imsg-restriction.c - a condition on the rows of a table (SRestriction)
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-limits-private.h"
#include "imsg-restriction-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

/**
 * IMsgRestriction:
 *
 * A condition that a row of a table, or any property object, meets or does not.
 *
 * Restrictions form trees: conditions on one property at the leaves, `and`, `or` and `not` above
 * them. They are immutable and may be shared between threads. A condition on a property that is
 * absent is false, whatever it asks.
 *
 * ```c
 * g_autoptr(IMsgRestriction) large =
 *   imsg_restriction_parse ("PR_SUBJECT ~ \"report\" and PR_MESSAGE_SIZE > 1000", &error);
 *
 * if (imsg_restriction_matches (large, IMSG_PROPERTY_OBJECT (message), &error))
 *   g_print ("%s\n", imsg_message_get_subject (message));
 * ```
 *
 * Since: 1.0
 */

/**
 * IMsgRelation:
 * @IMSG_RELATION_LT: less
 * @IMSG_RELATION_LE: less or equal
 * @IMSG_RELATION_GT: greater
 * @IMSG_RELATION_GE: greater or equal
 * @IMSG_RELATION_EQ: equal
 * @IMSG_RELATION_NE: not equal
 * @IMSG_RELATION_RE: matches a regular expression; refused
 *
 * How two values are compared (`RELOP_…`).
 *
 * Since: 1.0
 */

/**
 * IMsgFuzzyLevel:
 * @IMSG_FUZZY_FULL_STRING: the whole value
 * @IMSG_FUZZY_SUBSTRING: a part of it
 * @IMSG_FUZZY_PREFIX: its beginning
 * @IMSG_FUZZY_IGNORE_CASE: letters of either case are the same
 * @IMSG_FUZZY_IGNORE_NON_SPACE: marks on letters do not count
 * @IMSG_FUZZY_LOOSE: neither case nor marks count
 *
 * How text is searched (`FL_…`): one of the first three, with any of the others.
 *
 * Since: 1.0
 */

/**
 * IMsgRestrictionKind:
 * @IMSG_RESTRICTION_AND: all of its children
 * @IMSG_RESTRICTION_OR: any of them
 * @IMSG_RESTRICTION_NOT: not its child
 * @IMSG_RESTRICTION_CONTENT: text or bytes in a value
 * @IMSG_RESTRICTION_PROPERTY: a property against a constant
 * @IMSG_RESTRICTION_COMPARE: a property against another
 * @IMSG_RESTRICTION_BIT_MASK: bits of a number
 * @IMSG_RESTRICTION_SIZE: bytes of a value
 * @IMSG_RESTRICTION_EXIST: whether a property is there
 * @IMSG_RESTRICTION_SUB_OBJECT: any recipient, or any attachment, of a message
 * @IMSG_RESTRICTION_COMMENT: its child; a remark
 * @IMSG_RESTRICTION_COUNT: its child, for so many rows only
 *
 * What a restriction asks (`RES_…`).
 *
 * Since: 1.0
 */

G_DEFINE_BOXED_TYPE (IMsgRestriction, imsg_restriction, imsg_restriction_ref,
                     imsg_restriction_unref)

static IMsgRestriction *
restriction_new (IMsgRestrictionKind kind)
{
  IMsgRestriction *self = g_new0 (IMsgRestriction, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->kind = kind;
  self->depth = 1;
  return self;
}

static IMsgRestriction *
restriction_new_parent (IMsgRestrictionKind   kind,
                        IMsgRestriction     **children,
                        gsize                 n_children)
{
  IMsgRestriction *self = restriction_new (kind);

  self->children = g_new (IMsgRestriction *, n_children);
  self->n_children = n_children;
  for (gsize i = 0; i < n_children; i++)
    {
      self->children[i] = imsg_restriction_ref (children[i]);
      self->depth = MAX (self->depth, children[i]->depth + 1);
    }
  return self;
}

/**
 * imsg_restriction_ref:
 * @self: a restriction
 *
 * Adds a reference.
 *
 * Returns: (transfer full): the same restriction
 * Since: 1.0
 */
IMsgRestriction *
imsg_restriction_ref (IMsgRestriction *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * imsg_restriction_unref:
 * @self: (transfer full): a restriction
 *
 * Drops a reference.
 *
 * Since: 1.0
 */
void
imsg_restriction_unref (IMsgRestriction *self)
{
  g_autoptr(GPtrArray) dead = NULL;

  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  /* A list instead of recursion: nothing bounds the depth of what a caller builds. */
  dead = g_ptr_array_new ();
  g_ptr_array_add (dead, self);
  while (dead->len > 0)
    {
      IMsgRestriction *restriction = g_ptr_array_steal_index_fast (dead, dead->len - 1);

      for (gsize i = 0; i < restriction->n_children; i++)
        {
          if (g_atomic_ref_count_dec (&restriction->children[i]->ref_count))
            g_ptr_array_add (dead, restriction->children[i]);
        }
      g_free (restriction->children);
      g_clear_pointer (&restriction->value, g_variant_unref);
      g_free (restriction->folded);
      g_free (restriction);
    }
}

/**
 * imsg_restriction_new_and:
 * @children: (array length=n_children): the conditions
 * @n_children: how many
 *
 * Asks for all of some conditions; of none it is true.
 *
 * Source: `SAndRestriction`.
 *
 * Returns: (transfer full): a restriction
 * Since: 1.0
 */
IMsgRestriction *
imsg_restriction_new_and (IMsgRestriction **children,
                          gsize             n_children)
{
  g_return_val_if_fail (children != NULL || n_children == 0, NULL);

  return restriction_new_parent (IMSG_RESTRICTION_AND, children, n_children);
}

/**
 * imsg_restriction_new_or:
 * @children: (array length=n_children): the conditions
 * @n_children: how many
 *
 * Asks for any of some conditions; of none it is false.
 *
 * Source: `SOrRestriction`.
 *
 * Returns: (transfer full): a restriction
 * Since: 1.0
 */
IMsgRestriction *
imsg_restriction_new_or (IMsgRestriction **children,
                         gsize             n_children)
{
  g_return_val_if_fail (children != NULL || n_children == 0, NULL);

  return restriction_new_parent (IMSG_RESTRICTION_OR, children, n_children);
}

/**
 * imsg_restriction_new_not: (constructor)
 * @child: a condition
 *
 * Asks for the opposite of a condition.
 *
 * Source: `SNotRestriction`.
 *
 * Returns: (transfer full): a restriction
 * Since: 1.0
 */
IMsgRestriction *
imsg_restriction_new_not (IMsgRestriction *child)
{
  g_return_val_if_fail (child != NULL, NULL);

  return restriction_new_parent (IMSG_RESTRICTION_NOT, &child, 1);
}

/**
 * imsg_restriction_new_content:
 * @tag: the property; a multi-valued one matches with any of its values
 * @fuzzy_level: how to search
 * @value_tag: a tag with the type of @value
 * @value: the text or bytes to look for
 *
 * Asks whether text or bytes occur in a property.
 *
 * Source: `SContentRestriction`.
 *
 * Returns: (transfer full): a restriction
 * Since: 1.0
 */
IMsgRestriction *
imsg_restriction_new_content (guint32         tag,
                              IMsgFuzzyLevel  fuzzy_level,
                              guint32         value_tag,
                              GVariant       *value)
{
  IMsgRestriction *self;

  g_return_val_if_fail (value != NULL, NULL);

  self = restriction_new (IMSG_RESTRICTION_CONTENT);
  self->tag = tag;
  self->number = (guint32) fuzzy_level;
  self->other_tag = value_tag;
  self->value = g_variant_ref_sink (value);
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    self->folded = _imsg_text_fold (g_variant_get_string (value, NULL), (guint32) fuzzy_level);
  return self;
}

/**
 * imsg_restriction_new_property:
 * @tag: the property; if multi-valued and @value is not, any of its values may pass
 * @relation: what must hold between it and @value
 * @value_tag: a tag with the type of @value
 * @value: the constant
 *
 * Compares a property with a constant.
 *
 * Source: `SPropertyRestriction`.
 *
 * Returns: (transfer full): a restriction
 * Since: 1.0
 */
IMsgRestriction *
imsg_restriction_new_property (guint32       tag,
                               IMsgRelation  relation,
                               guint32       value_tag,
                               GVariant     *value)
{
  IMsgRestriction *self;

  g_return_val_if_fail (value != NULL, NULL);

  self = restriction_new (IMSG_RESTRICTION_PROPERTY);
  self->tag = tag;
  self->number = (guint32) relation;
  self->other_tag = value_tag;
  self->value = g_variant_ref_sink (value);
  return self;
}

/**
 * imsg_restriction_new_compare:
 * @tag_1: a property
 * @relation: what must hold between it and @tag_2
 * @tag_2: another, of the same type
 *
 * Compares two properties of a row.
 *
 * Source: `SComparePropsRestriction`.
 *
 * Returns: (transfer full): a restriction
 * Since: 1.0
 */
IMsgRestriction *
imsg_restriction_new_compare (guint32       tag_1,
                              IMsgRelation  relation,
                              guint32       tag_2)
{
  IMsgRestriction *self = restriction_new (IMSG_RESTRICTION_COMPARE);

  self->tag = tag_1;
  self->number = (guint32) relation;
  self->other_tag = tag_2;
  return self;
}

/**
 * imsg_restriction_new_bit_mask:
 * @tag: a property of type `PT_LONG`
 * @non_zero: whether some bit of @mask must be set, else none
 * @mask: the bits
 *
 * Asks for bits of a number.
 *
 * Source: `SBitMaskRestriction`.
 *
 * Returns: (transfer full): a restriction
 * Since: 1.0
 */
IMsgRestriction *
imsg_restriction_new_bit_mask (guint32  tag,
                               gboolean non_zero,
                               guint32  mask)
{
  IMsgRestriction *self = restriction_new (IMSG_RESTRICTION_BIT_MASK);

  self->tag = tag;
  self->non_zero = non_zero;
  self->number = mask;
  return self;
}

/**
 * imsg_restriction_new_size:
 * @tag: a property
 * @relation: what must hold between its size and @n_bytes
 * @n_bytes: bytes, of the stored value
 *
 * Asks for the size of a value.
 *
 * Source: `SSizeRestriction`.
 *
 * Returns: (transfer full): a restriction
 * Since: 1.0
 */
IMsgRestriction *
imsg_restriction_new_size (guint32       tag,
                           IMsgRelation  relation,
                           guint32       n_bytes)
{
  IMsgRestriction *self = restriction_new (IMSG_RESTRICTION_SIZE);

  self->tag = tag;
  self->number = (guint32) relation;
  self->n_bytes = n_bytes;
  return self;
}

/**
 * imsg_restriction_new_exist:
 * @tag: a property
 *
 * Asks whether a property is there.
 *
 * Source: `SExistRestriction`.
 *
 * Returns: (transfer full): a restriction
 * Since: 1.0
 */
IMsgRestriction *
imsg_restriction_new_exist (guint32 tag)
{
  IMsgRestriction *self = restriction_new (IMSG_RESTRICTION_EXIST);

  self->tag = tag;
  return self;
}

/**
 * imsg_restriction_new_sub_object:
 * @tag: `PR_MESSAGE_RECIPIENTS` or `PR_MESSAGE_ATTACHMENTS`
 * @child: the condition
 *
 * Asks whether any recipient, or any attachment, of a message meets a condition.
 *
 * Only messages can be asked; a table of recipients or attachments refuses it.
 *
 * Source: `SSubRestriction`.
 *
 * Returns: (transfer full): a restriction
 * Since: 1.0
 */
IMsgRestriction *
imsg_restriction_new_sub_object (guint32          tag,
                                 IMsgRestriction *child)
{
  IMsgRestriction *self;

  g_return_val_if_fail (child != NULL, NULL);

  self = restriction_new_parent (IMSG_RESTRICTION_SUB_OBJECT, &child, 1);
  self->tag = tag;
  return self;
}

/**
 * imsg_restriction_new_comment: (constructor)
 * @child: (nullable): a condition
 *
 * Wraps a condition without changing it; without one it is true.
 *
 * Source: `SCommentRestriction`, `SAnnotationRestriction`.
 *
 * Returns: (transfer full): a restriction
 * Since: 1.0
 */
IMsgRestriction *
imsg_restriction_new_comment (IMsgRestriction *child)
{
  return restriction_new_parent (IMSG_RESTRICTION_COMMENT, &child, child != NULL ? 1 : 0);
}

/**
 * imsg_restriction_new_count:
 * @count: rows to let through
 * @child: the condition
 *
 * Lets through the first rows of a table that meet a condition.
 *
 * It must stand at the top of the tree.
 *
 * Source: `SCountRestriction`.
 *
 * Returns: (transfer full): a restriction
 * Since: 1.0
 */
IMsgRestriction *
imsg_restriction_new_count (guint32          count,
                            IMsgRestriction *child)
{
  IMsgRestriction *self;

  g_return_val_if_fail (child != NULL, NULL);

  self = restriction_new_parent (IMSG_RESTRICTION_COUNT, &child, 1);
  self->number = count;
  return self;
}

/**
 * imsg_restriction_get_kind:
 * @self: a restriction
 *
 * Tells what the top of a restriction asks.
 *
 * Returns: the kind
 * Since: 1.0
 */
IMsgRestrictionKind
imsg_restriction_get_kind (const IMsgRestriction *self)
{
  g_return_val_if_fail (self != NULL, IMSG_RESTRICTION_AND);

  return self->kind;
}

/* --- checking --- */

/* The type of one value, 8-bit and Unicode text taken as the same. */
static guint
element_type (guint32 tag)
{
  guint type = tag & 0xFFFF & ~(guint) IMSG_MULTI_VALUE_FLAG;

  return type == IMSG_PROPERTY_TYPE_STRING8 ? IMSG_PROPERTY_TYPE_UNICODE : type;
}

static gboolean
is_multi_valued (guint32 tag)
{
  return (tag & IMSG_MULTI_VALUE_FLAG) != 0;
}

static gboolean
can_be_compared (guint32 tag_1,
                 guint32 tag_2)
{
  if (element_type (tag_1) != element_type (tag_2) ||
      imsg_property_type_get_variant_type (tag_1 & 0xFFFF) == NULL)
    return FALSE;
  return is_multi_valued (tag_1) || !is_multi_valued (tag_2);
}

static gboolean
check_value (const IMsgRestriction *self)
{
  const char *type = imsg_property_type_get_variant_type (self->other_tag & 0xFFFF);

  return type != NULL && g_strcmp0 (g_variant_get_type_string (self->value), type) == 0;
}

/* Why one cannot be evaluated, as it stands behind a colon, to be looked up; NULL when it can. */
static const char *
check_one (const IMsgRestriction *self,
           gboolean               is_top)
{
  switch (self->kind)
    {
    case IMSG_RESTRICTION_CONTENT:
      if ((self->number & 0xFFFF) > IMSG_FUZZY_PREFIX)
        return N_("text is searched as a whole, a part or a beginning");
      if (element_type (self->tag) != element_type (self->other_tag) ||
          (element_type (self->tag) != IMSG_PROPERTY_TYPE_UNICODE &&
           element_type (self->tag) != IMSG_PROPERTY_TYPE_BINARY) ||
          is_multi_valued (self->other_tag) || !check_value (self))
        return N_("text and bytes only can be searched, for their like");
      return NULL;
    case IMSG_RESTRICTION_PROPERTY:
      if (self->number >= IMSG_RELATION_RE)
        return N_("no such relation, or regular expressions");
      if (!can_be_compared (self->tag, self->other_tag) || !check_value (self))
        return N_("a property is compared with a value of another type");
      return NULL;
    case IMSG_RESTRICTION_COMPARE:
      if (self->number >= IMSG_RELATION_RE)
        return N_("no such relation, or regular expressions");
      if (!can_be_compared (self->tag, self->other_tag) ||
          is_multi_valued (self->tag) != is_multi_valued (self->other_tag))
        return N_("properties of different types are compared");
      return NULL;
    case IMSG_RESTRICTION_BIT_MASK:
      return (self->tag & 0xFFFF) == IMSG_PROPERTY_TYPE_LONG ? NULL
                                                             : N_("bits are those of a PT_LONG");
    case IMSG_RESTRICTION_SIZE:
      return self->number < IMSG_RELATION_RE ? NULL
                                             : N_("no such relation, or regular expressions");
    case IMSG_RESTRICTION_EXIST:
      return (self->tag & 0xFFFF) != IMSG_PROPERTY_TYPE_OBJECT
               ? NULL
               : N_("PT_OBJECT cannot be asked for");
    case IMSG_RESTRICTION_COUNT:
      return is_top ? NULL : N_("rows can be counted at the top only");
    default:
      return NULL;
    }
}

/**
 * imsg_restriction_check:
 * @self: a restriction
 * @error: return location for an error
 *
 * Checks whether a restriction can be evaluated.
 *
 * Fails with `IMSG_ERROR_TOO_COMPLEX` when types differ that are compared, for regular expressions,
 * and over the limit of nesting (`IMSG_LIMIT_RESTRICTION_NESTING`, 256).
 * Source: `IMAPITable::Restrict`.
 *
 * Returns: whether it can
 * Since: 1.0
 */
gboolean
imsg_restriction_check (IMsgRestriction  *self,
                        GError          **error)
{
  g_autoptr(GPtrArray) pending = NULL;

  g_return_val_if_fail (self != NULL, FALSE);

  if (self->depth > imsg_limit_get_default (IMSG_LIMIT_RESTRICTION_NESTING))
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_TOO_COMPLEX,
                   _("Restrictions are nested %" PRIu64 " deep, %" PRIu64 " is the limit"),
                   self->depth, imsg_limit_get_default (IMSG_LIMIT_RESTRICTION_NESTING));
      return FALSE;
    }
  pending = g_ptr_array_new ();
  g_ptr_array_add (pending, self);
  while (pending->len > 0)
    {
      IMsgRestriction *restriction = g_ptr_array_steal_index_fast (pending, pending->len - 1);
      const char *why = check_one (restriction, restriction == self);

      if (why != NULL)
        {
          g_set_error (error, IMSG_ERROR, IMSG_ERROR_TOO_COMPLEX, _("Restriction on 0x%08X: %s"),
                       restriction->tag, _(why));
          return FALSE;
        }
      for (gsize i = 0; i < restriction->n_children; i++)
        g_ptr_array_add (pending, restriction->children[i]);
    }
  return TRUE;
}

gboolean
_imsg_restriction_contains (const IMsgRestriction *self,
                            IMsgRestrictionKind    kind)
{
  g_autoptr(GPtrArray) pending = g_ptr_array_new ();

  g_ptr_array_add (pending, (gpointer) self);
  while (pending->len > 0)
    {
      const IMsgRestriction *restriction =
        g_ptr_array_steal_index_fast (pending, pending->len - 1);

      if (restriction->kind == kind)
        return TRUE;
      for (gsize i = 0; i < restriction->n_children; i++)
        g_ptr_array_add (pending, restriction->children[i]);
    }
  return FALSE;
}
