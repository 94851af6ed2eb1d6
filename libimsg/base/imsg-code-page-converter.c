/* imsg-code-page-converter.c - converters of iconv, kept for each thread
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-code-page-internal-private.h"

/* A text in ISO 2022 may change between five of them at every character. */
#define N_CACHED_CONVERTERS 8

typedef struct
{
  const char *to;   /* static, compared by address */
  const char *from;
  GIConv      converter; /* (GIConv) -1: there is none */
} CachedConverter;

typedef struct
{
  CachedConverter entries[N_CACHED_CONVERTERS];
  guint           next;
} ConverterCache;

static void
converter_cache_free (gpointer data)
{
  ConverterCache *cache = data;

  for (guint i = 0; i < N_CACHED_CONVERTERS; i++)
    {
      if (cache->entries[i].to != NULL && cache->entries[i].converter != (GIConv) -1)
        g_iconv_close (cache->entries[i].converter);
    }
  g_free (cache);
}

static GPrivate converter_cache = G_PRIVATE_INIT (converter_cache_free);

/* Opening a converter costs more than converting a subject, so each thread keeps a few. */
GIConv
_imsg_converter_get (const char *to,
                     const char *from)
{
  ConverterCache *cache = g_private_get (&converter_cache);
  CachedConverter *entry;

  if (cache == NULL)
    {
      cache = g_new0 (ConverterCache, 1);
      g_private_set (&converter_cache, cache);
    }
  for (guint i = 0; i < N_CACHED_CONVERTERS; i++)
    {
      entry = &cache->entries[i];
      if (entry->to == to && entry->from == from)
        {
          if (entry->converter != (GIConv) -1)
            g_iconv (entry->converter, NULL, NULL, NULL, NULL);
          return entry->converter;
        }
    }

  entry = &cache->entries[cache->next];
  cache->next = (cache->next + 1) % N_CACHED_CONVERTERS;
  if (entry->to != NULL && entry->converter != (GIConv) -1)
    g_iconv_close (entry->converter);
  entry->to = to;
  entry->from = from;
  entry->converter = g_iconv_open (to, from);
  return entry->converter;
}
