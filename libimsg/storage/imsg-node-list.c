/* imsg-node-list.c - the members of a node in the order of their names
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-node-private.h"

#include <string.h>

/* A full chunk is split in two: adding a member in the middle moves no more than this many. */
#define CHUNK_MAX 256
#define CHUNK_MIN 8

typedef struct
{
  IMsgNode **nodes; /* owned, ascending */
  guint      n_nodes;
  guint      n_room;
} Chunk;

struct _IMsgNodeList
{
  Chunk *chunks;   /* &only while one is enough; none is empty, but the only one may be */
  guint  n_chunks;
  guint  n_room;
  guint  n_nodes;
  Chunk  only;
  IMsgNode *few[CHUNK_MIN]; /* of a chunk that has no more: a recipient has eight streams */
};

/* Where a node is, or where one of that name would be */
typedef struct
{
  guint    chunk;
  guint    index;
  gboolean is_found;
} Place;

IMsgNodeList *
_imsg_node_list_new (void)
{
  IMsgNodeList *self = g_new0 (IMsgNodeList, 1);

  self->chunks = &self->only;
  self->n_chunks = 1;
  self->only.nodes = self->few;
  self->only.n_room = CHUNK_MIN;
  return self;
}

void
_imsg_node_list_free (IMsgNodeList *self)
{
  for (guint i = 0; i < self->n_chunks; i++)
    {
      for (guint j = 0; j < self->chunks[i].n_nodes; j++)
        _imsg_node_unref (self->chunks[i].nodes[j]);
      if (self->chunks[i].nodes != self->few)
        g_free (self->chunks[i].nodes);
    }
  if (self->chunks != &self->only)
    g_free (self->chunks);
  g_free (self);
}

guint
_imsg_node_list_get_length (const IMsgNodeList *self)
{
  return self->n_nodes;
}

IMsgNode *
_imsg_node_list_get (const IMsgNodeList *self,
                     guint               position)
{
  guint i = 0;

  for (; position >= self->chunks[i].n_nodes; i++)
    position -= self->chunks[i].n_nodes;
  return self->chunks[i].nodes[position];
}

static int
compare (const IMsgNode  *node,
         const gunichar2 *units,
         guint            n_units)
{
  return _imsg_name_compare (node->entry.name, node->entry.n_units, units, n_units);
}

static Place
locate (const IMsgNodeList *self,
        const gunichar2    *units,
        guint               n_units)
{
  Place place = { 0, 0, FALSE };
  const Chunk *chunk = &self->chunks[self->n_chunks - 1];
  guint low = 0;
  guint high = self->n_chunks - 1;

  /* Members mostly come in order, and are looked for before they are added. */
  if (chunk->n_nodes == 0 || compare (chunk->nodes[chunk->n_nodes - 1], units, n_units) < 0)
    {
      place.chunk = high;
      place.index = chunk->n_nodes;
      return place;
    }
  /* The first chunk whose last node is not before the name; else the last one */
  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      chunk = &self->chunks[middle];
      if (compare (chunk->nodes[chunk->n_nodes - 1], units, n_units) < 0)
        low = middle + 1;
      else
        high = middle;
    }
  place.chunk = low;
  chunk = &self->chunks[low];
  low = 0;
  high = chunk->n_nodes;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      int order = compare (chunk->nodes[middle], units, n_units);

      if (order == 0)
        place.is_found = TRUE;
      if (order < 0)
        low = middle + 1;
      else
        high = middle;
    }
  place.index = low;
  return place;
}

IMsgNode *
_imsg_node_list_find (const IMsgNodeList *self,
                      const gunichar2    *units,
                      guint               n_units)
{
  Place place = locate (self, units, n_units);

  return place.is_found ? self->chunks[place.chunk].nodes[place.index] : NULL;
}

guint
_imsg_node_list_get_position (const IMsgNodeList *self,
                              const gunichar2    *units,
                              guint               n_units)
{
  Place place = locate (self, units, n_units);
  guint position = place.index;

  for (guint i = 0; i < place.chunk; i++)
    position += self->chunks[i].n_nodes;
  return position;
}

/* Makes room for a chunk after one. */
static void
add_chunk (IMsgNodeList *self,
           guint         after)
{
  if (self->n_chunks == self->n_room || self->chunks == &self->only)
    {
      Chunk *chunks = self->chunks != &self->only ? self->chunks : NULL;

      self->n_room = MAX (2 * self->n_room, 8);
      self->chunks = g_renew (Chunk, chunks, self->n_room);
      if (chunks == NULL)
        self->chunks[0] = self->only;
    }
  memmove (&self->chunks[after + 2], &self->chunks[after + 1],
           (self->n_chunks - after - 1) * sizeof *self->chunks);
  memset (&self->chunks[after + 1], 0, sizeof *self->chunks);
  self->n_chunks++;
}

/* The last chunk goes on in a new one, as members mostly come in order; others are halved. */
static void
split_chunk (IMsgNodeList *self,
             Place        *place)
{
  Chunk *chunk;
  Chunk *next;
  guint n_kept;

  add_chunk (self, place->chunk);
  chunk = &self->chunks[place->chunk];
  next = chunk + 1;
  n_kept = place->index == CHUNK_MAX ? CHUNK_MAX : CHUNK_MAX / 2;
  next->n_nodes = CHUNK_MAX - n_kept;
  next->n_room = CHUNK_MAX;
  next->nodes = g_new (IMsgNode *, CHUNK_MAX);
  memcpy (next->nodes, chunk->nodes + n_kept, next->n_nodes * sizeof *next->nodes);
  chunk->n_nodes = n_kept;
  if (place->index >= n_kept)
    {
      place->chunk++;
      place->index -= n_kept;
    }
}

static void
add (IMsgNodeList *self,
     Place         place,
     IMsgNode     *node)
{
  Chunk *chunk = &self->chunks[place.chunk];

  if (chunk->n_nodes == CHUNK_MAX)
    {
      split_chunk (self, &place);
      chunk = &self->chunks[place.chunk];
    }
  if (chunk->n_nodes == chunk->n_room)
    {
      gboolean is_few = chunk->nodes == self->few;

      chunk->n_room = MIN (2 * chunk->n_room, CHUNK_MAX);
      chunk->nodes = g_renew (IMsgNode *, is_few ? NULL : chunk->nodes, chunk->n_room);
      if (is_few)
        memcpy (chunk->nodes, self->few, sizeof self->few);
    }
  memmove (&chunk->nodes[place.index + 1], &chunk->nodes[place.index],
           (chunk->n_nodes - place.index) * sizeof *chunk->nodes);
  chunk->nodes[place.index] = node;
  chunk->n_nodes++;
  self->n_nodes++;
}

void
_imsg_node_list_append (IMsgNodeList *self,
                        IMsgNode     *node)
{
  Place end = { self->n_chunks - 1, self->chunks[self->n_chunks - 1].n_nodes, FALSE };

  add (self, end, node);
}

void
_imsg_node_list_insert (IMsgNodeList *self,
                        IMsgNode     *node)
{
  add (self, locate (self, node->entry.name, node->entry.n_units), node);
}

gboolean
_imsg_node_list_remove (IMsgNodeList    *self,
                        const gunichar2 *units,
                        guint            n_units)
{
  Place place = locate (self, units, n_units);
  Chunk *chunk = &self->chunks[place.chunk];

  if (!place.is_found)
    return FALSE;
  _imsg_node_unref (chunk->nodes[place.index]);
  chunk->n_nodes--;
  self->n_nodes--;
  memmove (&chunk->nodes[place.index], &chunk->nodes[place.index + 1],
           (chunk->n_nodes - place.index) * sizeof *chunk->nodes);
  if (chunk->n_nodes == 0 && self->n_chunks > 1)
    {
      g_free (chunk->nodes);
      self->n_chunks--;
      memmove (chunk, chunk + 1, (self->n_chunks - place.chunk) * sizeof *chunk);
    }
  return TRUE;
}

gboolean
_imsg_node_list_replace (IMsgNodeList *self,
                         IMsgNode     *node)
{
  Place place = locate (self, node->entry.name, node->entry.n_units);
  IMsgNode **at = &self->chunks[place.chunk].nodes[place.index];

  if (!place.is_found)
    return FALSE;
  if (*at != node)
    {
      _imsg_node_unref (*at);
      *at = _imsg_node_ref (node);
    }
  return TRUE;
}

void
_imsg_node_list_foreach (const IMsgNodeList *self,
                         guint               first,
                         IMsgNodeFunc        func,
                         gpointer            user_data)
{
  for (guint i = 0; i < self->n_chunks; i++)
    {
      const Chunk *chunk = &self->chunks[i];

      for (guint j = MIN (first, chunk->n_nodes); j < chunk->n_nodes; j++)
        if (!func (chunk->nodes[j], user_data))
          return;
      first -= MIN (first, chunk->n_nodes);
    }
}
