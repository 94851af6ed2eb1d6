/* imsg-restriction.h - a condition on the rows of a table (SRestriction)
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
#if !defined(IMSG_INSIDE) && !defined(IMSG_COMPILATION)
# error "Include <imsg.h> only."
#endif

#include "imsg-property-object.h"

G_BEGIN_DECLS

typedef enum
{
  IMSG_RELATION_LT = 0,
  IMSG_RELATION_LE = 1,
  IMSG_RELATION_GT = 2,
  IMSG_RELATION_GE = 3,
  IMSG_RELATION_EQ = 4,
  IMSG_RELATION_NE = 5,
  IMSG_RELATION_RE = 6,
} IMsgRelation;

typedef enum
{
  IMSG_FUZZY_FULL_STRING = 0,
  IMSG_FUZZY_SUBSTRING = 1,
  IMSG_FUZZY_PREFIX = 2,
  IMSG_FUZZY_IGNORE_CASE = 1 << 16,
  IMSG_FUZZY_IGNORE_NON_SPACE = 1 << 17,
  IMSG_FUZZY_LOOSE = 1 << 18,
} IMsgFuzzyLevel;

typedef enum
{
  IMSG_RESTRICTION_AND = 0,
  IMSG_RESTRICTION_OR = 1,
  IMSG_RESTRICTION_NOT = 2,
  IMSG_RESTRICTION_CONTENT = 3,
  IMSG_RESTRICTION_PROPERTY = 4,
  IMSG_RESTRICTION_COMPARE = 5,
  IMSG_RESTRICTION_BIT_MASK = 6,
  IMSG_RESTRICTION_SIZE = 7,
  IMSG_RESTRICTION_EXIST = 8,
  IMSG_RESTRICTION_SUB_OBJECT = 9,
  IMSG_RESTRICTION_COMMENT = 10,
  IMSG_RESTRICTION_COUNT = 11,
} IMsgRestrictionKind;

#define IMSG_TYPE_RESTRICTION (imsg_restriction_get_type ())

typedef struct _IMsgRestriction IMsgRestriction;

IMSG_AVAILABLE_IN_ALL
GType            imsg_restriction_get_type          (void);
IMSG_AVAILABLE_IN_ALL
IMsgRestriction *imsg_restriction_ref               (IMsgRestriction     *self);
IMSG_AVAILABLE_IN_ALL
void             imsg_restriction_unref             (IMsgRestriction     *self);

IMSG_AVAILABLE_IN_ALL
IMsgRestriction *imsg_restriction_new_and           (IMsgRestriction    **children,
                                                     gsize                n_children);
IMSG_AVAILABLE_IN_ALL
IMsgRestriction *imsg_restriction_new_or            (IMsgRestriction    **children,
                                                     gsize                n_children);
IMSG_AVAILABLE_IN_ALL
IMsgRestriction *imsg_restriction_new_not           (IMsgRestriction     *child);
IMSG_AVAILABLE_IN_ALL
IMsgRestriction *imsg_restriction_new_content       (guint32              tag,
                                                     IMsgFuzzyLevel       fuzzy_level,
                                                     guint32              value_tag,
                                                     GVariant            *value);
IMSG_AVAILABLE_IN_ALL
IMsgRestriction *imsg_restriction_new_property      (guint32              tag,
                                                     IMsgRelation         relation,
                                                     guint32              value_tag,
                                                     GVariant            *value);
IMSG_AVAILABLE_IN_ALL
IMsgRestriction *imsg_restriction_new_compare       (guint32              tag_1,
                                                     IMsgRelation         relation,
                                                     guint32              tag_2);
IMSG_AVAILABLE_IN_ALL
IMsgRestriction *imsg_restriction_new_bit_mask      (guint32              tag,
                                                     gboolean             non_zero,
                                                     guint32              mask);
IMSG_AVAILABLE_IN_ALL
IMsgRestriction *imsg_restriction_new_size          (guint32              tag,
                                                     IMsgRelation         relation,
                                                     guint32              n_bytes);
IMSG_AVAILABLE_IN_ALL
IMsgRestriction *imsg_restriction_new_exist         (guint32              tag);
IMSG_AVAILABLE_IN_ALL
IMsgRestriction *imsg_restriction_new_sub_object    (guint32              tag,
                                                     IMsgRestriction     *child);
IMSG_AVAILABLE_IN_ALL
IMsgRestriction *imsg_restriction_new_comment       (IMsgRestriction     *child);
IMSG_AVAILABLE_IN_ALL
IMsgRestriction *imsg_restriction_new_count         (guint32              count,
                                                     IMsgRestriction     *child);

IMSG_AVAILABLE_IN_ALL
IMsgRestrictionKind imsg_restriction_get_kind       (const IMsgRestriction *self);

/* PR_SUBJECT ~ "report" and not PR_IMPORTANCE < 2 */
IMSG_AVAILABLE_IN_ALL
IMsgRestriction *imsg_restriction_parse             (const char          *text,
                                                     GError             **error) G_GNUC_WARN_UNUSED_RESULT;
IMSG_AVAILABLE_IN_ALL
char            *imsg_restriction_to_text           (const IMsgRestriction *self);

/* TOO_COMPLEX when it cannot be evaluated (types that differ, too deep) */
IMSG_AVAILABLE_IN_ALL
gboolean         imsg_restriction_check             (IMsgRestriction     *self,
                                                     GError             **error);
IMSG_AVAILABLE_IN_ALL
gboolean         imsg_restriction_matches           (IMsgRestriction     *self,
                                                     IMsgPropertyObject  *object,
                                                     GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IMsgRestriction, imsg_restriction_unref)

G_END_DECLS
