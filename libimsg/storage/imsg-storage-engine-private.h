/* imsg-storage-engine-private.h - what an engine gives the storage above it
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "imsg-blob-private.h"
#include "imsg-guid-private.h"
#include "imsg-limits-private.h"
#include <gsf/gsf.h>

#include "imsg-storage-entry.h"

G_BEGIN_DECLS

/* 31 UTF-16 units and a NUL: [MS-CFB] 2.6.1 */
#define IMSG_NAME_UNITS 32

/* One entry of the directory. Entry 0 is the root. */
typedef struct
{
  gunichar2            name[IMSG_NAME_UNITS]; /* exactly as stored, NUL-terminated */
  guint8               n_units;               /* without the NUL */
  IMsgStorageEntryKind kind : 8;
  guint32              state_bits;
  IMsgGuid             class_id;
  guint64              creation_time;
  guint64              modification_time;
  guint64              n_bytes;
} IMsgDirectoryEntry;

/* The directory of one container, read once, immutable, atomically ref-counted, and readable from
 * any thread. Blobs opened from it hold a reference. */
typedef struct _IMsgDirectory IMsgDirectory;

typedef struct
{
  void           (*get_entry)    (gpointer             engine,
                                  guint32              entry,
                                  IMsgDirectoryEntry  *out);
  /* The number of a storage's first member: the others follow it, each once, in the container's
   * order ([MS-CFB] 2.6.4). */
  guint32        (*get_children) (gpointer             engine,
                                  guint32              storage,
                                  guint               *n_children);
  IMsgBlob      *(*open_stream)  (gpointer             engine,
                                  IMsgDirectory       *directory,
                                  guint32              stream,
                                  GError             **error);
  void           (*free)         (gpointer             engine);
  /* These may be NULL. Bytes of memory the engine holds. */
  gsize          (*get_memory_use) (gpointer          engine);
  /* What _imsg_name_compare() says of the name of an entry and an ASCII one, without the entry. */
  int            (*compare_ascii) (gpointer            engine,
                                   guint32             entry,
                                   const char         *name,
                                   guint               n_units);
  /* The kind of an entry and how many bytes it has, without the rest. */
  IMsgStorageEntryKind (*get_kind) (gpointer           engine,
                                    guint32            entry,
                                    guint64           *n_bytes);
  /* All bytes of a stream, where they lie together in memory or fit into the caller's buffer;
   * NULL where they do not, or cannot be read. */
  const guint8  *(*peek_stream)  (gpointer             engine,
                                  guint32              stream,
                                  guint8              *buffer,
                                  gsize                n_buffer);
} IMsgEngineClass;

IMsgDirectory  *_imsg_directory_new          (const IMsgEngineClass  *klass,
                                              gpointer                engine,
                                              guint                   version,
                                              GPtrArray              *problems);
IMsgDirectory  *_imsg_directory_ref          (IMsgDirectory          *self);
void            _imsg_directory_unref        (IMsgDirectory          *self);
/* Major version of the container: 3 or 4 (3 for anything that is no compound file). */
guint           _imsg_directory_get_version  (IMsgDirectory          *self);
GPtrArray      *_imsg_directory_get_problems (IMsgDirectory          *self);
void            _imsg_directory_get_entry    (IMsgDirectory          *self,
                                              guint32                 entry,
                                              IMsgDirectoryEntry     *out);
int             _imsg_directory_compare_name (IMsgDirectory          *self,
                                              guint32                 entry,
                                              const gunichar2        *name,
                                              guint                   n_units);
int             _imsg_directory_compare_ascii (IMsgDirectory         *self,
                                               guint32                entry,
                                               const char            *name,
                                               guint                  n_units);
IMsgStorageEntryKind _imsg_directory_get_kind (IMsgDirectory         *self,
                                               guint32                entry,
                                               guint64               *n_bytes);
const guint8   *_imsg_directory_peek_stream  (IMsgDirectory          *self,
                                              guint32                 stream,
                                              guint8                 *buffer,
                                              gsize                   n_buffer);
guint32         _imsg_directory_get_children (IMsgDirectory          *self,
                                              guint32                 storage,
                                              guint                  *n_children);
IMsgBlob       *_imsg_directory_open_stream  (IMsgDirectory          *self,
                                              guint32                 stream,
                                              GError                **error);
/* Without its source and problems. */
gsize           _imsg_directory_get_memory_use (IMsgDirectory         *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (IMsgDirectory, _imsg_directory_unref)

/* Order and equality of names ([MS-CFB] 2.6.4): shorter first, then by upper-cased unit. */
int             _imsg_name_compare           (const gunichar2        *a,
                                              guint                   n_a,
                                              const gunichar2        *b,
                                              guint                   n_b);
/* Whether a name is all ASCII and not too long; its units then. */
gboolean        _imsg_name_is_ascii          (const char             *name,
                                              gsize                  *n_units);
/* The UTF-16 of an ASCII name. */
void            _imsg_name_widen             (const char             *ascii,
                                              guint                   n_units,
                                              gunichar2              *name);
/* The units of an ASCII name that one may give; 0 for any other, which need not be wrong. */
guint           _imsg_name_from_ascii        (const char             *ascii,
                                              gunichar2               name[IMSG_NAME_UNITS]);
/* UTF-8 for a stored name; what is no valid UTF-16 becomes U+FFFD. */
char           *_imsg_name_to_utf8           (const gunichar2        *name,
                                              guint                   n_units);
/* 1 to 31 units, none of / \ : ! ; INVALID_PARAMETER else. Returns the units, 0 on error. */
guint           _imsg_name_from_utf8         (const char             *utf8,
                                              gunichar2               name[IMSG_NAME_UNITS],
                                              GError                **error);

/* --- the compound-file engine, reading --- */

/* Where an engine reads from: positioned reads, from any thread. */
typedef struct _IMsgSource IMsgSource;

IMsgSource     *_imsg_source_new_for_bytes   (GBytes                 *bytes);
/* The blob must give as many bytes as it says, or fail. */
IMsgSource     *_imsg_source_new_for_blob    (IMsgBlob               *blob);
IMsgSource     *_imsg_source_new_for_file    (GFile                  *file,
                                              GCancellable           *cancellable,
                                              GError                **error);
IMsgSource     *_imsg_source_ref             (IMsgSource             *self);
void            _imsg_source_unref           (IMsgSource             *self);
guint64         _imsg_source_get_size        (IMsgSource             *self);
gssize          _imsg_source_read            (IMsgSource             *self,
                                              guint64                 offset,
                                              gpointer                buffer,
                                              gsize                   n_bytes,
                                              GCancellable           *cancellable,
                                              GError                **error);
/* A pointer to bytes in memory, or NULL when they are not. */
const guint8   *_imsg_source_peek            (IMsgSource             *self,
                                              guint64                 offset,
                                              gsize                   n_bytes);
/* Descriptors that sources of files hold in this process. */
guint           _imsg_source_get_n_open      (void);
/* What tells one version of a file from another (device, inode, size, times); NULL for bytes. */
const char     *_imsg_source_get_identity    (IMsgSource             *self);
/* The identity of what the file holds now, to compare; an error where it has none. */
char           *_imsg_source_identify_file   (GFile                  *file,
                                              GError                **error);
/* Keeps the file open for as long as the source lives. Call it before the file is renamed over or
 * removed: what was opened from it then reads on from the old file. */
gboolean        _imsg_source_pin             (IMsgSource             *self,
                                              GError                **error);
/* All of it when it is in memory, else NULL; borrowed. */
GBytes         *_imsg_source_peek_bytes      (IMsgSource             *self);
gsize           _imsg_source_get_memory_use  (IMsgSource             *self);
/* Reads until n_bytes or the end of the file; -1 on error. */
gssize          _imsg_descriptor_read        (int                     fd,
                                              const char             *path,
                                              guint64                 offset,
                                              guint8                 *buffer,
                                              gsize                   n_bytes,
                                              GError                **error);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (IMsgSource, _imsg_source_unref)

IMsgDirectory  *_imsg_compound_read          (IMsgSource             *source,
                                              const IMsgLimits       *limits,
                                              GCancellable           *cancellable,
                                              GError                **error);

/* --- the compound-file engine, writing --- */

typedef struct
{
  const IMsgDirectoryEntry *entry; /* unowned */
  IMsgBlob     *blob;   /* what a stream holds; NULL in a storage; unowned */
  const guint8 *data;   /* instead of a blob: entry->n_bytes in memory; unowned */
  guint32       parent; /* index of its storage; parents come before members; 0 for the root */
} IMsgWriterEntry;

typedef void (*IMsgProgressFunc) (guint64  n_done,
                                  guint64  n_total,
                                  gpointer user_data);

/* Writes a whole compound file to sink, front to back. With header_last the header goes last where
 * the sink can seek, so that a file cut short is never taken for a whole one; that is for files of
 * our own, for a stream that appends can seek too, and writes at its end. major_version 4 asks
 * for sectors of 4 096 bytes; 0 and 3 give 512, or 4 096 too where the file needs them (2 GiB).
 * Names are written as they are given; an empty one, or members before their storage, is
 * INVALID_PARAMETER, and a stream that cannot be read whole fails with the error of its blob. */
gboolean        _imsg_compound_write         (const IMsgWriterEntry  *entries,
                                              guint                   n_entries,
                                              guint                   major_version,
                                              GOutputStream          *sink,
                                              gboolean                header_last,
                                              IMsgProgressFunc        progress,
                                              gpointer                progress_data,
                                              GCancellable           *cancellable,
                                              GError                **error);
/* The same to memory. */
GBytes         *_imsg_compound_write_to_bytes (const IMsgWriterEntry *entries,
                                               guint                  n_entries,
                                               guint                  major_version,
                                               IMsgProgressFunc       progress,
                                               gpointer               progress_data,
                                               GCancellable          *cancellable,
                                               GError               **error);

/* --- the libgsf engine --- */


IMsgDirectory  *_imsg_gsf_read_infile        (GsfInfile              *infile,
                                              const IMsgLimits       *limits,
                                              GCancellable           *cancellable,
                                              GError                **error);
IMsgDirectory  *_imsg_gsf_read               (IMsgSource             *source,
                                              const IMsgLimits       *limits,
                                              GCancellable           *cancellable,
                                              GError                **error);

G_END_DECLS
