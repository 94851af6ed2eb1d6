/* imsg-restriction-private.h - restrictions, as the files that make and evaluate them see them
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "imsg-restriction.h"

G_BEGIN_DECLS

struct _IMsgRestriction
{
  gatomicrefcount      ref_count;
  IMsgRestrictionKind  kind;
  guint32              tag;
  guint32              other_tag;  /* of the value, or the second property */
  guint32              number;     /* relation, fuzzy level, mask, count */
  guint32              n_bytes;    /* of a size restriction */
  gboolean             non_zero;   /* of a bit mask */
  GVariant            *value;      /* (nullable) */
  char                *folded;     /* (nullable): the text value, as it is compared */
  IMsgRestriction    **children;
  gsize                n_children;
  guint64              depth;      /* 1 for a leaf */
};

/* Where the values of a row come from. */
typedef struct
{
  /* (transfer full) (nullable): the value in the type of the tag, NULL when there is none */
  GVariant *(*get_value) (gpointer row,
                          guint32  tag,
                          gpointer user_data);
  gboolean  (*has_value) (gpointer row,
                          guint32  tag,
                          gpointer user_data);
  guint64   (*get_size)  (gpointer row,
                          guint32  tag,
                          gpointer user_data);
} IMsgRowSource;

/* Whether the row passes; self must have passed imsg_restriction_check(). */
gboolean  _imsg_restriction_evaluate     (const IMsgRestriction *self,
                                          const IMsgRowSource   *source,
                                          gpointer               row,
                                          gpointer               user_data);
/* Whether a word names a property and is no value, where either might stand. */
gboolean  _imsg_restriction_is_property_name (const char          *word);
/* Whether a restriction of that kind is in it. */
gboolean  _imsg_restriction_contains     (const IMsgRestriction *self,
                                          IMsgRestrictionKind    kind);
/* Order of two values of one variant type: by number, code point, or byte; FALSE before TRUE. */
int       _imsg_variant_compare          (GVariant              *a,
                                          GVariant              *b);
/* Text as it is compared at a fuzzy level. */
char     *_imsg_text_fold                (const char            *text,
                                          guint32                fuzzy_level);

G_END_DECLS
