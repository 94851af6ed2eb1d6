/* imsg-validate-private.h - one storage of a message, as the rules see it
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "imsg-property-private.h"
#include "imsg-property-tags.h"
#include "imsg-validate.h"

G_BEGIN_DECLS

typedef enum
{
  IMSG_VALIDATED_MESSAGE,
  IMSG_VALIDATED_EMBEDDED,
  IMSG_VALIDATED_RECIPIENT,
  IMSG_VALIDATED_ATTACHMENT,
} IMsgValidatedKind;

/* What is judged: the storage, its entries by tag, and its streams by tag. */
typedef struct
{
  IMsgStorage       *storage;
  char              *where;  /* path, ends in a slash */
  IMsgValidatedKind  kind;
  GBytes            *stream; /* the property stream; NULL when there is none */
  GArray            *entries; /* (element-type IMsgPropertyEntry) in their order */
  GHashTable        *by_tag;  /* tag -> position in entries plus one */
  GHashTable        *members; /* tag -> IMsgStorageEntry of its stream or storage */
  GHashTable        *values;  /* tag -> number of value streams of a multi-valued property */
  guint              n_recipients;
  guint              n_attachments;
  gint64             last_recipient; /* highest index, -1 for none */
  gint64             last_attachment;

  GPtrArray         *problems;
  GCancellable      *cancellable;
} IMsgValidated;

void     _imsg_validated_add         (IMsgValidated *self,
                                      const char    *rule,
                                      guint32        tag,
                                      const char    *format,
                                      ...) G_GNUC_PRINTF (4, 5);
/* The same, and nothing is looked up where the list takes no more. */
#define _imsg_validated_tell(self, ...) \
  G_STMT_START \
    { \
      if ((self)->problems->len < IMSG_MAX_PROBLEMS) \
        _imsg_validated_add ((self), __VA_ARGS__); \
    } \
  G_STMT_END
/* The entry of a tag, or NULL. */
const IMsgPropertyEntry *
         _imsg_validated_find        (IMsgValidated *self,
                                      guint32        tag);
/* The entry of text with the id, whichever of the two types it has. */
const IMsgPropertyEntry *
         _imsg_validated_find_text   (IMsgValidated *self,
                                      guint32        tag);
guint32  _imsg_validated_get_u32     (IMsgValidated *self,
                                      guint32        tag);
guint64  _imsg_validated_get_size    (IMsgValidated *self,
                                      guint32        tag);
GBytes  *_imsg_validated_read        (IMsgValidated *self,
                                      guint32        tag);

/* The two families of rules */
void     _imsg_validate_format       (IMsgValidated *self);
void     _imsg_validate_nameid       (IMsgValidated *self);
void     _imsg_validate_outlook      (IMsgValidated *self);

G_END_DECLS
