/* imsg-storage.h - a tree of storages and streams, changed all at once or not at all
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
#if !defined(IMSG_INSIDE) && !defined(IMSG_COMPILATION)
# error "Include <imsg.h> only."
#endif

#include "imsg-storage-entry.h"

G_BEGIN_DECLS

typedef enum
{
  IMSG_STORAGE_READ = 0,
  IMSG_STORAGE_READ_WRITE = 1 << 0,
  IMSG_STORAGE_TRANSACTED = 1 << 1,
  IMSG_STORAGE_REPLACE = 1 << 2,
  IMSG_STORAGE_LARGE_SECTORS = 1 << 3,
} IMsgStorageFlags;

typedef enum
{
  IMSG_COMMIT_DEFAULT = 0,
  IMSG_COMMIT_FORCE = 1 << 0,
} IMsgCommitFlags;

#define IMSG_TYPE_STORAGE (imsg_storage_get_type ())
IMSG_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (IMsgStorage, imsg_storage, IMSG, STORAGE, GObject)

/* Roots */
IMSG_AVAILABLE_IN_ALL
IMsgStorage   *imsg_storage_open_file        (GFile                *file,
                                              IMsgStorageFlags      flags,
                                              GCancellable         *cancellable,
                                              GError              **error) G_GNUC_WARN_UNUSED_RESULT;
IMSG_AVAILABLE_IN_ALL
void           imsg_storage_open_file_async  (GFile                *file,
                                              IMsgStorageFlags      flags,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
IMSG_AVAILABLE_IN_ALL
IMsgStorage   *imsg_storage_open_file_finish (GAsyncResult         *result,
                                              GError              **error) G_GNUC_WARN_UNUSED_RESULT;
IMSG_AVAILABLE_IN_ALL
IMsgStorage   *imsg_storage_open_bytes       (GBytes               *bytes,
                                              IMsgStorageFlags      flags,
                                              GCancellable         *cancellable,
                                              GError              **error) G_GNUC_WARN_UNUSED_RESULT;
IMSG_AVAILABLE_IN_ALL
IMsgStorage   *imsg_storage_create_file      (GFile                *file,
                                              IMsgStorageFlags      flags,
                                              GError              **error) G_GNUC_WARN_UNUSED_RESULT;
IMSG_AVAILABLE_IN_ALL
IMsgStorage   *imsg_storage_new_memory       (IMsgStorageFlags      flags);

/* About itself */
IMSG_AVAILABLE_IN_ALL
const char    *imsg_storage_get_name         (IMsgStorage          *self);
IMSG_AVAILABLE_IN_ALL
GFile         *imsg_storage_get_file         (IMsgStorage          *self);
IMSG_AVAILABLE_IN_ALL
IMsgStorage   *imsg_storage_get_parent       (IMsgStorage          *self);
IMSG_AVAILABLE_IN_ALL
gboolean       imsg_storage_is_writable      (IMsgStorage          *self);
IMSG_AVAILABLE_IN_ALL
gboolean       imsg_storage_is_modified      (IMsgStorage          *self);
IMSG_AVAILABLE_IN_ALL
gboolean       imsg_storage_is_closed        (IMsgStorage          *self);
IMSG_AVAILABLE_IN_ALL
guint          imsg_storage_get_version      (IMsgStorage          *self);
IMSG_AVAILABLE_IN_ALL
GPtrArray     *imsg_storage_list_problems    (IMsgStorage          *self);
IMSG_AVAILABLE_IN_ALL
char          *imsg_storage_dup_class_id     (IMsgStorage          *self);
IMSG_AVAILABLE_IN_ALL
gboolean       imsg_storage_set_class_id     (IMsgStorage          *self,
                                              const char           *class_id,
                                              GError              **error);
IMSG_AVAILABLE_IN_ALL
guint32        imsg_storage_get_state_bits   (IMsgStorage          *self);
IMSG_AVAILABLE_IN_ALL
gboolean       imsg_storage_set_state_bits   (IMsgStorage          *self,
                                              guint32               bits,
                                              guint32               mask,
                                              GError              **error);

/* Members */
IMSG_AVAILABLE_IN_ALL
GListModel    *imsg_storage_get_entries      (IMsgStorage          *self);
IMSG_AVAILABLE_IN_ALL
IMsgStorageEntry *imsg_storage_find_entry    (IMsgStorage          *self,
                                              const char           *name);
IMSG_AVAILABLE_IN_ALL
IMsgStorage   *imsg_storage_open_storage     (IMsgStorage          *self,
                                              const char           *name,
                                              IMsgStorageFlags      flags,
                                              GError              **error) G_GNUC_WARN_UNUSED_RESULT;
IMSG_AVAILABLE_IN_ALL
IMsgStorage   *imsg_storage_create_storage   (IMsgStorage          *self,
                                              const char           *name,
                                              IMsgStorageFlags      flags,
                                              GError              **error) G_GNUC_WARN_UNUSED_RESULT;
IMSG_AVAILABLE_IN_ALL
GInputStream  *imsg_storage_open_stream      (IMsgStorage          *self,
                                              const char           *name,
                                              GError              **error) G_GNUC_WARN_UNUSED_RESULT;
IMSG_AVAILABLE_IN_ALL
GOutputStream *imsg_storage_replace_stream   (IMsgStorage          *self,
                                              const char           *name,
                                              GError              **error) G_GNUC_WARN_UNUSED_RESULT;
IMSG_AVAILABLE_IN_ALL
GIOStream     *imsg_storage_edit_stream      (IMsgStorage          *self,
                                              const char           *name,
                                              gboolean              create,
                                              GError              **error) G_GNUC_WARN_UNUSED_RESULT;
IMSG_AVAILABLE_IN_ALL
GBytes        *imsg_storage_read_stream      (IMsgStorage          *self,
                                              const char           *name,
                                              GCancellable         *cancellable,
                                              GError              **error) G_GNUC_WARN_UNUSED_RESULT;
IMSG_AVAILABLE_IN_ALL
gboolean       imsg_storage_write_stream     (IMsgStorage          *self,
                                              const char           *name,
                                              GBytes               *bytes,
                                              GError              **error);
IMSG_AVAILABLE_IN_ALL
gboolean       imsg_storage_remove           (IMsgStorage          *self,
                                              const char           *name,
                                              GError              **error);
IMSG_AVAILABLE_IN_ALL
gboolean       imsg_storage_rename           (IMsgStorage          *self,
                                              const char           *old_name,
                                              const char           *new_name,
                                              GError              **error);
IMSG_AVAILABLE_IN_ALL
gboolean       imsg_storage_set_entry_times  (IMsgStorage          *self,
                                              const char           *name,
                                              guint64               creation_time,
                                              guint64               modification_time,
                                              GError              **error);
IMSG_AVAILABLE_IN_ALL
gboolean       imsg_storage_copy_to          (IMsgStorage          *self,
                                              IMsgStorage          *destination,
                                              GError              **error);
IMSG_AVAILABLE_IN_ALL
gboolean       imsg_storage_copy_entry       (IMsgStorage          *self,
                                              const char           *name,
                                              IMsgStorage          *destination,
                                              const char           *new_name,
                                              GError              **error);

/* The transaction */
IMSG_AVAILABLE_IN_ALL
gboolean       imsg_storage_commit           (IMsgStorage          *self,
                                              IMsgCommitFlags       flags,
                                              GCancellable         *cancellable,
                                              GError              **error);
IMSG_AVAILABLE_IN_ALL
void           imsg_storage_commit_async     (IMsgStorage          *self,
                                              IMsgCommitFlags       flags,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
IMSG_AVAILABLE_IN_ALL
gboolean       imsg_storage_commit_finish    (IMsgStorage          *self,
                                              GAsyncResult         *result,
                                              GError              **error);
IMSG_AVAILABLE_IN_ALL
gboolean       imsg_storage_revert           (IMsgStorage          *self,
                                              GError              **error);
IMSG_AVAILABLE_IN_ALL
gboolean       imsg_storage_save_as          (IMsgStorage          *self,
                                              GFile                *file,
                                              IMsgStorageFlags      flags,
                                              GCancellable         *cancellable,
                                              GError              **error);
IMSG_AVAILABLE_IN_ALL
gboolean       imsg_storage_write_to_stream  (IMsgStorage          *self,
                                              GOutputStream        *stream,
                                              GCancellable         *cancellable,
                                              GError              **error);
IMSG_AVAILABLE_IN_ALL
GBytes        *imsg_storage_write_to_bytes   (IMsgStorage          *self,
                                              GCancellable         *cancellable,
                                              GError              **error) G_GNUC_WARN_UNUSED_RESULT;
IMSG_AVAILABLE_IN_ALL
void           imsg_storage_close            (IMsgStorage          *self);

G_END_DECLS
