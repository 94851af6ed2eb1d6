/* imsg-attachment-private.h - what the floor of messages knows of an attachment
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "imsg-attachment.h"
#include "imsg-message-private.h"

G_BEGIN_DECLS

typedef enum
{
  IMSG_ATTACHMENT_TEXT_NAME,
  IMSG_ATTACHMENT_TEXT_MIME_TYPE,
  IMSG_ATTACHMENT_TEXT_CONTENT_ID,
} IMsgAttachmentText;

struct _IMsgAttachment
{
  IMsgPropertyObject parent_instance;

  IMsgMessage       *message;  /* unowned; NULL once closed */
  IMsgMessage       *embedded; /* NULL until opened, or when there is none */
  IMsgStorage       *object_storage; /* the OLE storage: live child, or of its own when new */
  guint64            n_written_changes; /* of object_storage, when a save last wrote it */
  char              *texts[3]; /* of the getters that lend text, by IMsgAttachmentText */
  guint32            number;
  guint              is_saved : 1;   /* it is in the file, or its own save has put it there */
  guint              is_staged : 1;  /* its save ran since the message's last */
  guint              storage_is_new : 1; /* object_storage is in memory and must be copied */
  guint              storage_is_behind : 1; /* what it would go back to is older than the file */
  guint              found_method : 8; /* what the stored data is, + 1; 0 = not looked yet */
};

struct _IMsgAttachmentClass
{
  IMsgPropertyObjectClass parent_class;
};

#define IMSG_TAG_ATTACH_DATA_BINARY 0x37010102
#define IMSG_TAG_ATTACH_DATA_OBJECT 0x3701000D

IMsgPropertyObject *_imsg_attachment_make         (IMsgMessage           *message,
                                                   const IMsgObjectSlot  *slot);
/* What a new attachment has. */
gboolean            _imsg_attachment_init_new     (IMsgAttachment        *self,
                                                   GError               **error);
/* Takes the text; what is lent is good until the next call for the same. */
const char         *_imsg_attachment_lend_text    (IMsgAttachment        *self,
                                                   IMsgAttachmentText     which,
                                                   char                  *text);
void                _imsg_attachment_forget_text  (IMsgAttachment        *self);

/* --- imsg-attachment-data.c --- */

/* What data there is, whatever is said of it. */
IMsgAttachmentMethod _imsg_attachment_find_method (IMsgAttachment        *self,
                                                   IMsgAttachmentMethod   stored);
guint64             _imsg_attachment_get_data_size (IMsgAttachment       *self);
/* Makes it hold the bytes of a blob, which are not copied. */
gboolean            _imsg_attachment_set_blob     (IMsgAttachment        *self,
                                                   IMsgBlob              *blob,
                                                   GError               **error);
/* Before a save, or for a copy only with trials: the size that the file says of other data goes. */
void                _imsg_attachment_prepare      (IMsgAttachment        *self,
                                                   GArray                *trials);
void                _imsg_attachment_drop_data    (IMsgAttachment        *self);

/* --- imsg-message-discard.c --- */

/* After a message in it was closed: one that is new, and that no save has taken, leaves nothing. */
void                _imsg_attachment_forget_unsaved (IMsgAttachment      *self);

/* --- imsg-message-flush.c --- */

/* Writes what a PT_OBJECT property stands for. */
gboolean            _imsg_attachment_flush_object (IMsgPropertyObject    *object,
                                                   guint32                tag,
                                                   IMsgStorage           *target,
                                                   const IMsgFlush       *flush,
                                                   IMsgPropertyEntry     *entry,
                                                   GError               **error);
/* Whether a storage of OLE has changes that only a save of the message makes last. */
gboolean            _imsg_attachment_data_changed (IMsgAttachment        *self);
/* As _imsg_message_stage() does. */
void                _imsg_attachment_stage        (IMsgAttachment        *self,
                                                   gboolean               deep);

G_END_DECLS
