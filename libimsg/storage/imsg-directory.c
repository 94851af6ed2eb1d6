/* imsg-directory.c - the directory of a container, whichever engine read it
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-problem-private.h"
#include "imsg-storage-engine-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Characters that no name has */
#define FORBIDDEN "/\\:!"

struct _IMsgDirectory
{
  gatomicrefcount        ref_count;
  const IMsgEngineClass *klass;
  gpointer               engine;   /* owned, freed by the class */
  GPtrArray             *problems; /* (element-type IMsgProblem) */
  guint                  version;
};

/* Takes engine and problems (NULL: none). */
IMsgDirectory *
_imsg_directory_new (const IMsgEngineClass *klass,
                     gpointer               engine,
                     guint                  version,
                     GPtrArray             *problems)
{
  IMsgDirectory *self = NULL;

  g_return_val_if_fail (klass != NULL, NULL);

  self = g_new0 (IMsgDirectory, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->klass = klass;
  self->engine = engine;
  self->version = version;
  self->problems = problems != NULL ? problems : _imsg_problem_list_new ();
  return self;
}

IMsgDirectory *
_imsg_directory_ref (IMsgDirectory *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
_imsg_directory_unref (IMsgDirectory *self)
{
  g_return_if_fail (self != NULL);

  if (g_atomic_ref_count_dec (&self->ref_count))
    {
      self->klass->free (self->engine);
      g_ptr_array_unref (self->problems);
      g_free (self);
    }
}

guint
_imsg_directory_get_version (IMsgDirectory *self)
{
  return self->version;
}

GPtrArray *
_imsg_directory_get_problems (IMsgDirectory *self)
{
  return self->problems;
}

gsize
_imsg_directory_get_memory_use (IMsgDirectory *self)
{
  gsize n_bytes = sizeof *self;

  if (self->klass->get_memory_use != NULL)
    n_bytes += self->klass->get_memory_use (self->engine);
  return n_bytes;
}

void
_imsg_directory_get_entry (IMsgDirectory      *self,
                           guint32             entry,
                           IMsgDirectoryEntry *out)
{
  self->klass->get_entry (self->engine, entry, out);
}

int
_imsg_directory_compare_name (IMsgDirectory   *self,
                              guint32          entry,
                              const gunichar2 *name,
                              guint            n_units)
{
  IMsgDirectoryEntry whole;

  self->klass->get_entry (self->engine, entry, &whole);
  return _imsg_name_compare (whole.name, whole.n_units, name, n_units);
}

int
_imsg_directory_compare_ascii (IMsgDirectory *self,
                               guint32        entry,
                               const char    *name,
                               guint          n_units)
{
  gunichar2 units[IMSG_NAME_UNITS];

  if (self->klass->compare_ascii != NULL)
    return self->klass->compare_ascii (self->engine, entry, name, n_units);
  _imsg_name_widen (name, n_units, units);
  return _imsg_directory_compare_name (self, entry, units, n_units);
}

IMsgStorageEntryKind
_imsg_directory_get_kind (IMsgDirectory *self,
                          guint32        entry,
                          guint64       *n_bytes)
{
  IMsgDirectoryEntry whole;

  if (self->klass->get_kind != NULL)
    return self->klass->get_kind (self->engine, entry, n_bytes);
  self->klass->get_entry (self->engine, entry, &whole);
  *n_bytes = whole.n_bytes;
  return whole.kind;
}

const guint8 *
_imsg_directory_peek_stream (IMsgDirectory *self,
                             guint32        stream,
                             guint8        *buffer,
                             gsize          n_buffer)
{
  if (self->klass->peek_stream == NULL)
    return NULL;
  return self->klass->peek_stream (self->engine, stream, buffer, n_buffer);
}

guint32
_imsg_directory_get_children (IMsgDirectory *self,
                              guint32        storage,
                              guint         *n_children)
{
  return self->klass->get_children (self->engine, storage, n_children);
}

IMsgBlob *
_imsg_directory_open_stream (IMsgDirectory  *self,
                             guint32         stream,
                             GError        **error)
{
  return self->klass->open_stream (self->engine, self, stream, error);
}

/* Simple case mapping only: a unit never becomes two, and surrogates stay as they are. */
static inline gunichar2
upper_case_unit (gunichar2 unit)
{
  gunichar upper = 0;

  if (unit < 0x80)
    return unit >= 'a' && unit <= 'z' ? unit - ('a' - 'A') : unit;
  if (unit >= 0xD800 && unit < 0xE000)
    return unit;
  upper = g_unichar_toupper (unit);
  return upper <= 0xFFFF ? upper : unit;
}

int
_imsg_name_compare (const gunichar2 *a,
                    guint            n_a,
                    const gunichar2 *b,
                    guint            n_b)
{
  guint i = 0;

  if (n_a != n_b)
    return n_a < n_b ? -1 : 1;
  /* Names of properties share their first dozen units: pass them four at a time. */
  while (i + 4 <= n_a && memcmp (a + i, b + i, 4 * sizeof *a) == 0)
    i += 4;
  for (; i < n_a; i++)
    {
      gunichar2 unit_a = a[i];
      gunichar2 unit_b = b[i];

      if (unit_a == unit_b)
        continue;
      unit_a = upper_case_unit (unit_a);
      unit_b = upper_case_unit (unit_b);
      if (unit_a != unit_b)
        return unit_a < unit_b ? -1 : 1;
    }
  return 0;
}

/* Whether it is short enough for a name, and all ASCII. */
gboolean
_imsg_name_is_ascii (const char *name,
                     gsize      *n_units)
{
  gsize n = strnlen (name, IMSG_NAME_UNITS);
  guint64 all = 0;
  gsize i = 0;

  if (n >= IMSG_NAME_UNITS)
    return FALSE;
  for (; i + sizeof all <= n; i += sizeof all)
    {
      guint64 eight;

      memcpy (&eight, name + i, sizeof eight);
      all |= eight;
    }
  for (; i < n; i++)
    all |= (guint8) name[i];
  *n_units = n;
  return (all & G_GUINT64_CONSTANT (0x8080808080808080)) == 0;
}

void
_imsg_name_widen (const char *ascii,
                  guint       n_units,
                  gunichar2  *name)
{
  for (guint i = 0; i < n_units; i++)
    name[i] = (guchar) ascii[i];
}

char *
_imsg_name_to_utf8 (const gunichar2 *name,
                    guint            n_units)
{
  /* Three bytes serve any unit: a surrogate pair makes four from two. */
  char *utf8 = g_malloc (n_units * 3 + 1);
  char *end = utf8;
  guint n_ascii = 0;

  while (n_ascii < n_units && name[n_ascii] > 0 && name[n_ascii] < 0x80)
    *end++ = (char) name[n_ascii++];
  for (guint i = n_ascii; i < n_units; i++)
    {
      gunichar character = name[i];

      if (character >= 0xD800 && character < 0xE000)
        {
          if (character < 0xDC00 && i + 1 < n_units && name[i + 1] >= 0xDC00 &&
              name[i + 1] < 0xE000)
            character = 0x10000 + ((character - 0xD800) << 10) + (name[++i] - 0xDC00);
          else
            character = 0xFFFD;
        }
      else if (character == 0)
        character = 0xFFFD;
      if (character < 0x80)
        *end++ = (char) character;
      else
        end += g_unichar_to_utf8 (character, end);
    }
  *end = '\0';
  return utf8;
}

/* Looks at each character once, as messages write a stream for almost every property. */
guint
_imsg_name_from_ascii (const char *ascii,
                       gunichar2   name[IMSG_NAME_UNITS])
{
  guint n_units = 0;

  for (; ascii[n_units] != '\0'; n_units++)
    {
      guchar character = (guchar) ascii[n_units];

      if (n_units == IMSG_NAME_UNITS - 1 || character >= 0x80 || character == '/' ||
          character == '\\' || character == ':' || character == '!')
        return 0;
      name[n_units] = character;
    }
  name[n_units] = 0;
  return n_units;
}

guint
_imsg_name_from_utf8 (const char  *utf8,
                      gunichar2    name[IMSG_NAME_UNITS],
                      GError     **error)
{
  g_autofree gunichar2 *units = NULL;
  glong n_units = 0;

  g_return_val_if_fail (utf8 != NULL, 0);

  n_units = _imsg_name_from_ascii (utf8, name);
  if (n_units > 0)
    return (guint) n_units;
  units = g_utf8_to_utf16 (utf8, -1, NULL, &n_units, NULL);
  if (units == NULL)
    {
      g_set_error_literal (error, IMSG_ERROR, IMSG_ERROR_INVALID_PARAMETER,
                           _("A name in a storage must be valid UTF-8"));
      return 0;
    }
  if (n_units < 1 || n_units >= IMSG_NAME_UNITS)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_PARAMETER,
                   _("A name in a storage has 1 to %d UTF-16 units, this one has %ld"),
                   IMSG_NAME_UNITS - 1, n_units);
      return 0;
    }
  if (strpbrk (utf8, FORBIDDEN) != NULL)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_PARAMETER,
                   _("The name “%s” holds one of / \\ : !, which no name in a storage may"), utf8);
      return 0;
    }
  memcpy (name, units, (n_units + 1) * sizeof *units);
  return n_units;
}
