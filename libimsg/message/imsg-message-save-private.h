/* imsg-message-save-private.h - what the files that save messages share
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "imsg-message-private.h"

G_BEGIN_DECLS

/* --- imsg-message-flush.c --- */

/* The slots (element-type IMsgObjectSlot, theirs) of what is in the message once a flush is done: all
 * as they are now; or as they were at the save of an embedded message, whatever came, went or moved
 * since. */
GPtrArray   *_imsg_message_collect_slots     (IMsgMessage      *self,
                                              gboolean          of_attachments,
                                              const IMsgFlush  *flush);
/* What the header of the property stream says of them. */
void         _imsg_message_count_members     (IMsgMessage      *self,
                                              GPtrArray        *recipients,
                                              GPtrArray        *attachments,
                                              IMsgStreamCounts *counts);

/* --- imsg-message-save.c --- */

gboolean     _imsg_save_flags_check          (IMsgSaveFlags   flags,
                                              GError        **error);
/* It, and all that is open in it. */
void         _imsg_message_set_writable      (IMsgMessage    *self,
                                              gboolean        writable);
/* After what was written has taken its place: what was changed is saved, access is as the flags
 * have it, and whoever listens is told. */
void         _imsg_message_end_save          (IMsgMessage    *self,
                                              IMsgSaveFlags   flags);

/* --- imsg-message-write.c --- */

/* Fails with IMSG_ERROR_BUSY while a save runs. */
gboolean     _imsg_message_check_idle        (IMsgMessage    *self,
                                              GError        **error);
/* Brings in step what follows from changes, deep also in the messages inside; a save as MAPI's,
 * which is not deep, also says when it was. With trials it is for a copy only. */
gboolean     _imsg_message_prepare_all       (IMsgMessage    *self,
                                              gboolean        deep,
                                              GArray         *trials,
                                              GError        **error);
/* Writes the changes to the storage the message lives on. */
gboolean     _imsg_message_flush_in_place    (IMsgMessage    *self,
                                              GCancellable   *cancellable,
                                              GError        **error);
/* The message as a file would have it, in memory; large streams by reference. An export leaves the
 * message as it is; else what was written is to be settled, or the flush discarded. */
IMsgStorage *_imsg_message_write_copy        (IMsgMessage    *self,
                                              GFile          *file,
                                              gboolean        is_export,
                                              GCancellable   *cancellable,
                                              GError        **error);
/* Whether its name says that it is a template. */
gboolean     _imsg_file_is_template          (GFile          *file);
void         _imsg_message_lend_progress     (IMsgMessage    *self,
                                              IMsgStorage    *storage);

G_END_DECLS
