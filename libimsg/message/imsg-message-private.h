/* imsg-message-private.h - what the floor of messages knows of a message
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "imsg-message.h"
#include "imsg-object-list-private.h"
#include "imsg-property-object-private.h"

G_BEGIN_DECLS

/* A recipient or an attachment that went from its list. */
typedef struct
{
  IMsgObjectSlot slot;     /* its object is owned, and NULL unless a save has taken changes of it */
  guint          position; /* where it stood */
  guint          is_attachment : 1;
  guint          is_taken : 1; /* a save of the message has taken that it went */
} IMsgRemoval;

struct _IMsgMessage
{
  IMsgPropertyObject  parent_instance;

  IMsgSession        *session;  /* unowned; NULL with none, and once closed */
  IMsgAttachment     *parent;   /* unowned; what it is embedded in */
  GFile              *file;
  IMsgLimits         *limits;   /* NULL = the defaults; the outermost message's hold */
  IMsgNameMap        *names;    /* of the outermost message; NULL until needed */
  GPtrArray          *problems; /* (element-type IMsgProblem), of the outermost message */
  IMsgObjectList     *recipients;  /* NULL until asked for */
  IMsgObjectList     *attachments; /* the same */
  GArray             *removals;    /* (element-type IMsgRemoval), what the file may have yet;
                                    * NULL when there is nothing */
  GHashTable         *references; /* set of content ids in the HTML; NULL until asked for */
  guint               n_recipients_aside;  /* over the limit: in the file, not in the list */
  guint               n_attachments_aside;
  guint32             next_row_id;
  guint32             next_attachment; /* number of the next one */
  guint               code_page;       /* 0 until chosen */
  guint               code_page_override;
  guint               default_code_page;
  char               *texts[4];        /* of the getters that lend text, by IMsgMessageText */

  IMsgProgressCallback progress;
  gpointer             progress_data;
  GDestroyNotify       progress_destroy;

  guint               open_flags;      /* IMsgOpenFlags */
  guint               nesting;         /* 0 = outermost */
  guint               unicode_state : 2; /* 0 = not looked yet, 1 = 8-bit, 2 = Unicode */
  guint               owns_storage : 1;
  guint               is_new : 1;      /* never saved */
  guint               was_created : 1; /* made in this process: its second save is special */
  guint               is_template : 1;
  guint               structure_changed : 1; /* recipients or attachments came or went, unsaved */
  guint               structure_staged : 1;  /* and the message was saved into its parent since */
  guint               structure_dirty : 1;   /* they came or went since that save */
  guint               recipients_reordered : 1; /* since the last save of the message */
  guint               order_staged : 1;         /* before it, and it is not in the file yet */
  guint               recipients_touched : 1; /* display lists are to be computed */
  guint               recipients_computed : 1; /* they were, for a save that is not done */
  guint               attachments_touched : 1;
  guint               attachments_computed : 1;
  guint               names_unsaved : 1;
  guint               is_saving : 1;
};

struct _IMsgMessageClass
{
  IMsgPropertyObjectClass parent_class;
};

typedef enum
{
  IMSG_MESSAGE_TEXT_SUBJECT,
  IMSG_MESSAGE_TEXT_CLASS,
  IMSG_MESSAGE_TEXT_SENDER_NAME,
  IMSG_MESSAGE_TEXT_SENDER_ADDRESS,
} IMsgMessageText;

/* --- imsg-message-open.c --- */

/* What opening reads, in whatever thread; plain data but for the storage, which is new. */
typedef struct
{
  IMsgStorage      *storage;
  GArray           *entries;
  IMsgStreamCounts  counts;
  GPtrArray        *problems;
  IMsgStreamHeader  header;
  gboolean          owns_storage;
  gboolean          is_empty; /* there was no message: a new one is to be */
} IMsgOpening;

void           _imsg_opening_free              (IMsgOpening          *opening);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (IMsgOpening, _imsg_opening_free)
gboolean       _imsg_open_flags_check          (IMsgOpenFlags         flags,
                                                GError              **error);
IMsgOpening   *_imsg_opening_read_file         (GFile                *file,
                                                IMsgOpenFlags         flags,
                                                const IMsgLimits     *limits,
                                                GCancellable         *cancellable,
                                                GError              **error);
IMsgOpening   *_imsg_opening_read_bytes        (GBytes               *bytes,
                                                IMsgOpenFlags         flags,
                                                const IMsgLimits     *limits,
                                                GCancellable         *cancellable,
                                                GError              **error);
IMsgOpening   *_imsg_opening_read_storage      (IMsgStorage          *storage,
                                                IMsgOpenFlags         flags,
                                                const IMsgLimits     *limits,
                                                GCancellable         *cancellable,
                                                GError              **error);
/* Takes the opening; session and file may be NULL. */
IMsgMessage   *_imsg_message_new_opened        (IMsgSession          *session,
                                                GFile                *file,
                                                IMsgOpening          *opening,
                                                IMsgOpenFlags         flags,
                                                GError              **error);
IMsgMessage   *_imsg_message_new_created       (IMsgSession          *session,
                                                const char           *message_class,
                                                gboolean              unicode,
                                                GError              **error);
/* In an attachment: over its storage, or new when that is NULL. */
IMsgMessage   *_imsg_message_new_embedded      (IMsgAttachment       *parent,
                                                IMsgStorage          *storage,
                                                gboolean              writable,
                                                GError              **error);

/* --- imsg-message-shared.c --- */

/* What the messages inside one another share is of the outermost. */
IMsgMessage      *_imsg_message_get_root       (IMsgMessage          *self);
const IMsgLimits *_imsg_message_get_limits     (IMsgMessage          *self);
IMsgNameMap      *_imsg_message_get_name_map   (IMsgMessage          *self);
gboolean          _imsg_message_is_unicode     (IMsgMessage          *self);
/* Takes the problem; the same one twice is kept once. */
void              _imsg_message_add_problem    (IMsgMessage          *self,
                                                IMsgProblem          *problem);

/* --- imsg-message.c --- */

/* Forgets text that was lent, and views of 8-bit text. */
void              _imsg_message_text_changed   (IMsgMessage          *self);
gsize             _imsg_message_get_memory_use (IMsgMessage          *self);
/* The signal "saved" */
void              _imsg_message_emit_saved     (IMsgMessage          *self);
void              _imsg_message_set_file       (IMsgMessage          *self,
                                                GFile                *file);
/* Recipients or attachments came or went. */
void              _imsg_message_structure_changed (IMsgMessage       *self);

/* --- imsg-message-code-page.c --- */

void              _imsg_message_forget_code_page (IMsgMessage        *self);
/* Whether anything tells the code page, or it is only the default. */
gboolean          _imsg_message_knows_code_page  (IMsgMessage        *self);
/* Puts PR_MESSAGE_CODEPAGE where the code page does not follow from properties of the message: of
 * any, or only where nothing in it tells one. */
gboolean          _imsg_message_tell_code_page   (IMsgMessage        *self,
                                                  GError            **error);
gboolean          _imsg_message_keep_code_page   (IMsgMessage        *self,
                                                  GError            **error);

/* --- imsg-message-computed.c --- */

extern const guint16 _imsg_message_computed_ids[];
extern const guint32 _imsg_message_offered_tags[];
gboolean          _imsg_message_computes       (IMsgPropertyObject   *object,
                                                guint32               tag);
GVariant         *_imsg_message_compute        (IMsgPropertyObject   *object,
                                                guint32               tag);
/* Brings in step, before a save, what follows from what changed. */
gboolean          _imsg_message_prepare        (IMsgMessage          *self,
                                                gboolean              with_time,
                                                GError              **error);

/* --- imsg-message-recipients.c, imsg-message-attachments.c --- */

/* Whether the HTML of the message shows what has this content id. */
gboolean          _imsg_message_refers_to      (IMsgMessage          *self,
                                                const char           *content_id);
/* Both lists are made together, from one walk over the storage. */
void              _imsg_message_ensure_lists   (IMsgMessage          *self);
gboolean          _imsg_message_delete_all     (IMsgMessage          *self,
                                                guint                 id,
                                                GError              **error);
/* With nothing in it but its row id: its properties are to be put. */
IMsgRecipient    *_imsg_message_add_empty_recipient (IMsgMessage     *self,
                                                     GError         **error);
void              _imsg_message_recipient_changed (IMsgMessage       *self,
                                                   guint              id);

/* --- imsg-message-discard.c --- */

/* Takes something out of a list: it may come back, and is to be cleared from the file. */
void           _imsg_message_take_removed      (IMsgMessage          *self,
                                                IMsgObjectList       *list,
                                                guint                 position);
/* Closes what went, and is gone for good: all, or what a save has taken. */
void           _imsg_message_end_removals      (IMsgMessage          *self,
                                                gboolean              only_taken);

/* --- imsg-message-hand-over.c --- */

/* Another embedded message with what this one, which is about to be closed, has saved; NULL when
 * that is nothing. */
IMsgMessage   *_imsg_message_hand_over         (IMsgMessage          *self);

/* --- imsg-message-write.c --- */

/* All of the message as it is now, in a storage in memory; no bytes are copied. */
IMsgStorage      *_imsg_message_copy_for_writing (IMsgMessage        *self,
                                                  GFile              *file,
                                                  GCancellable       *cancellable,
                                                  GError            **error);

/* --- imsg-message-flush.c --- */

/* Everything that was not staged in it, and in what is in it, becomes so. */
void              _imsg_message_stage          (IMsgMessage          *self,
                                                gboolean              deep);
gboolean          _imsg_message_flush          (IMsgMessage          *self,
                                                IMsgStorage          *target,
                                                IMsgStreamHeader      header,
                                                gboolean              must_write,
                                                const IMsgFlush      *flush,
                                                GError              **error);

/* --- imsg-message-settle.c --- */

/* What was staged is on disk. */
void              _imsg_message_settle         (IMsgMessage          *self);
/* PR_ROWID of recipients changes while a flush walks the list; whoever listens is told after it. */
void              _imsg_message_tell_row_ids   (IMsgMessage          *self);
void              _imsg_message_discard_flush  (IMsgMessage          *self);
/* Lets go of all storages below; they are opened again by name from the new one. */
void              _imsg_message_rebind         (IMsgMessage          *self,
                                                IMsgStorage          *storage);

G_END_DECLS
