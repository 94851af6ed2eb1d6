/* mapi-stream-private.h - streams over whatever can be read at an offset
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "mapi-private.h"

G_BEGIN_DECLS

/* What a stream reads and writes; clones of a stream share it. Codes are those of storages. */
typedef struct _MapiContent MapiContent;

typedef struct
{
  HRESULT (*read)     (MapiContent   *self,
                       guint64        offset,
                       void          *buffer,
                       gsize          n_bytes,
                       gsize         *n_read);
  HRESULT (*write)    (MapiContent   *self,
                       guint64        offset,
                       const void    *bytes,
                       gsize          n_bytes);
  HRESULT (*get_size) (MapiContent   *self,
                       guint64       *n_bytes);
  HRESULT (*set_size) (MapiContent   *self,
                       guint64        n_bytes);
  /* Makes what was written count. */
  HRESULT (*flush)    (MapiContent   *self);
  void    (*free)     (MapiContent   *self);
  /* (nullable): closes what it writes to, so that it counts */
  void    (*end)      (MapiContent   *self);
} MapiContentClass;

struct _MapiContent
{
  const MapiContentClass *klass;
  int                     ref_count;
  gboolean                is_writable;
  gboolean                is_dirty;    /* written to since it was flushed */
  gboolean                is_reverted; /* its storage or message is gone */
  gboolean                is_closing;  /* its last stream is gone, and no other can be had */
  HRESULT                 dead_code;   /* what a reverted one answers; 0 for STG_E_REVERTED */
  WCHAR                  *name;        /* (nullable): as Stat gives it */
  DWORD                   mode;        /* as Stat gives it */
  FILETIME                modified, created, accessed;
  /* Told when the last stream on it goes away, also a reverted one, before it is freed. */
  void                  (*closed)      (MapiContent *self,
                                        gpointer     user_data);
  /* (nullable): told when what was written is to count; data is closed_data. */
  HRESULT               (*written)     (MapiContent *self,
                                        gpointer     user_data);
  gpointer                closed_data;
  LPSTREAM                primary;     /* (nullable): unowned; the first stream on it */
};

MapiContent *mapi_content_ref            (MapiContent            *self);
void         mapi_content_unref          (MapiContent            *self);
HRESULT      mapi_content_flush          (MapiContent            *self);
void         mapi_content_revert         (MapiContent            *self,
                                          HRESULT                 code);

MapiContent *mapi_content_new_memory     (const void             *bytes,
                                          gsize                   n_bytes);
/* Takes the stream, which can seek. */
MapiContent *mapi_content_new_input      (GInputStream           *stream);
MapiContent *mapi_content_new_io         (GIOStream              *stream);
/* Takes the descriptor; path is removed with it when not NULL. */
MapiContent *mapi_content_new_file       (int                     fd,
                                          gboolean                is_writable,
                                          const char             *delete_path);

/* As open(), but for files only, and never waiting: -1 and errno of what is none. */
int          mapi_open_regular           (const char             *path,
                                          int                     flags);

/* Takes the content. */
LPSTREAM     mapi_stream_new             (MapiContent            *content);
/* The content of a stream of ours, else NULL; borrowed. */
MapiContent *mapi_stream_peek_content    (LPSTREAM                stream);

/* Copies from the positions of two streams of any kind. */
HRESULT      mapi_stream_copy            (LPSTREAM                source,
                                          LPSTREAM                destination,
                                          guint64                 n_bytes,
                                          guint64                *n_read,
                                          guint64                *n_written);
/* All that a stream of any kind holds from its position on. */
HRESULT      mapi_stream_read_all        (LPSTREAM                stream,
                                          GBytes                **bytes);

G_END_DECLS
