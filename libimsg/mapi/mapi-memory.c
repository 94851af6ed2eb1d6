/* mapi-memory.c - MAPI buffers, task memory, IMalloc
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "mapi-private.h"

#include <malloc.h>
#include <stdlib.h>

/* A buffer starts with this header, its data follows at an offset that keeps 16-byte alignment.
 * Blocks of MAPIAllocateMore hang on the list of the block that they were linked to. */
typedef struct _MapiBlock MapiBlock;
struct _MapiBlock
{
  MapiBlock *next;   /* the next block linked to the same base */
  MapiBlock *linked; /* of a base: the blocks linked to it, newest first */
  gsize      n_bytes;
  guint32    magic;
  guint32    pad;
};

G_STATIC_ASSERT (sizeof (MapiBlock) % 16 == 0);

#define MAGIC_BASE 0x4D425546
#define MAGIC_MORE 0x4D4D4F52
#define MAGIC_FREED 0xDEADB10C

const MapiAllocators mapi_default_allocators = {
  MAPIAllocateBuffer,
  MAPIAllocateMore,
  MAPIFreeBuffer,
};

static MapiBlock *
block_new (gsize   n_bytes,
           guint32 magic)
{
  MapiBlock *block;

  if (n_bytes > G_MAXSIZE - sizeof (MapiBlock))
    return NULL;
  block = malloc (sizeof (MapiBlock) + n_bytes);
  if (block == NULL)
    return NULL;
  block->next = NULL;
  block->linked = NULL;
  block->n_bytes = n_bytes;
  block->magic = magic;
  block->pad = 0;
  return block;
}

static MapiBlock *
block_of (LPVOID buffer)
{
  return (MapiBlock *) ((char *) buffer - sizeof (MapiBlock));
}

static void
block_free (MapiBlock *block)
{
  block->magic = MAGIC_FREED;
  free (block);
}

SCODE
MAPIAllocateBuffer (ULONG   cbSize,
                    LPVOID *lppBuffer)
{
  MapiBlock *block;

  if (lppBuffer == NULL)
    return MAPI_E_INVALID_PARAMETER;
  block = block_new (cbSize, MAGIC_BASE);
  *lppBuffer = block != NULL ? block + 1 : NULL;
  return block != NULL ? S_OK : MAPI_E_NOT_ENOUGH_MEMORY;
}

SCODE
MAPIAllocateMore (ULONG   cbSize,
                  LPVOID  lpObject,
                  LPVOID *lppBuffer)
{
  MapiBlock *base;
  MapiBlock *block;

  if (lppBuffer == NULL)
    return MAPI_E_INVALID_PARAMETER;
  *lppBuffer = NULL;
  if (lpObject == NULL)
    return MAPI_E_INVALID_PARAMETER;
  base = block_of (lpObject);
  g_assert (base->magic == MAGIC_BASE);
  block = block_new (cbSize, MAGIC_MORE);
  if (block == NULL)
    return MAPI_E_NOT_ENOUGH_MEMORY;
  block->next = base->linked;
  base->linked = block;
  *lppBuffer = block + 1;
  return S_OK;
}

ULONG
MAPIFreeBuffer (LPVOID lpBuffer)
{
  MapiBlock *base;

  if (lpBuffer == NULL)
    return 0;
  base = block_of (lpBuffer);
  g_assert (base->magic == MAGIC_BASE);
  while (base->linked != NULL)
    {
      MapiBlock *block = base->linked;

      base->linked = block->next;
      block_free (block);
    }
  block_free (base);
  return 0;
}

SCODE
MAPIReallocateBuffer (LPVOID  lpv,
                      ULONG   ulSize,
                      LPVOID *lppv)
{
  MapiBlock *block;

  if (lppv == NULL)
    return MAPI_E_INVALID_PARAMETER;
  if (lpv == NULL)
    return MAPIAllocateBuffer (ulSize, lppv);
  *lppv = NULL;
  block = block_of (lpv);
  g_assert (block->magic == MAGIC_BASE);
  block = realloc (block, sizeof (MapiBlock) + ulSize);
  if (block == NULL)
    return MAPI_E_NOT_ENOUGH_MEMORY;
  block->n_bytes = ulSize;
  *lppv = block + 1;
  return S_OK;
}

LPVOID
CoTaskMemAlloc (SIZE_T cb)
{
  return malloc (MAX (cb, 1));
}

LPVOID
CoTaskMemRealloc (LPVOID pv,
                  SIZE_T cb)
{
  if (pv != NULL && cb == 0)
    {
      free (pv);
      return NULL;
    }
  return realloc (pv, MAX (cb, 1));
}

void
CoTaskMemFree (LPVOID pv)
{
  free (pv);
}

/* The one IMalloc of the process: static, its count for show only. */

static HRESULT
task_malloc_query_interface (IMalloc *self,
                             REFIID   riid,
                             LPVOID  *object)
{
  if (object == NULL)
    return E_POINTER;
  return mapi_answer_interface (self, riid, object, &IID_IMalloc, NULL);
}

static ULONG
task_malloc_add_ref (IMalloc *self)
{
  return 2;
}

static ULONG
task_malloc_release (IMalloc *self)
{
  return 1;
}

static void *
task_malloc_alloc (IMalloc *self,
                   SIZE_T   cb)
{
  return CoTaskMemAlloc (cb);
}

static void *
task_malloc_realloc (IMalloc *self,
                     void    *pv,
                     SIZE_T   cb)
{
  return CoTaskMemRealloc (pv, cb);
}

static void
task_malloc_free (IMalloc *self,
                  void    *pv)
{
  CoTaskMemFree (pv);
}

static SIZE_T
task_malloc_get_size (IMalloc *self,
                      void    *pv)
{
  return pv != NULL ? malloc_usable_size (pv) : (SIZE_T) -1;
}

static int
task_malloc_did_alloc (IMalloc *self,
                       void    *pv)
{
  /* The C library does not tell whose block it is. */
  return -1;
}

static void
task_malloc_heap_minimize (IMalloc *self)
{
}

static const IMallocVtbl task_malloc_vtbl = {
  task_malloc_query_interface,
  task_malloc_add_ref,
  task_malloc_release,
  task_malloc_alloc,
  task_malloc_realloc,
  task_malloc_free,
  task_malloc_get_size,
  task_malloc_did_alloc,
  task_malloc_heap_minimize,
};

static IMalloc task_malloc = { &task_malloc_vtbl };

LPMALLOC
MAPIGetDefaultMalloc (void)
{
  return &task_malloc;
}

HRESULT
CoGetMalloc (DWORD     dwMemContext,
             LPMALLOC *ppMalloc)
{
  if (ppMalloc == NULL)
    return E_INVALIDARG;
  *ppMalloc = NULL;
  if (dwMemContext != MEMCTX_TASK)
    return E_INVALIDARG;
  *ppMalloc = &task_malloc;
  return S_OK;
}

LPVOID
mapi_task_memdup (gconstpointer data,
                  gsize         n_bytes)
{
  LPVOID copy = CoTaskMemAlloc (n_bytes);

  if (copy != NULL && n_bytes > 0)
    memcpy (copy, data, n_bytes);
  return copy;
}

LPVOID
mapi_allocate (const MapiAllocators *allocators,
               gpointer              base,
               gsize                 n_bytes)
{
  LPVOID buffer = NULL;
  SCODE scode;

  if (n_bytes > G_MAXUINT32)
    return NULL;
  if (base == NULL)
    scode = allocators->allocate_buffer ((ULONG) n_bytes, &buffer);
  else
    scode = allocators->allocate_more ((ULONG) n_bytes, base, &buffer);
  if (FAILED (scode) || buffer == NULL)
    return NULL;
  memset (buffer, 0, n_bytes);
  return buffer;
}
