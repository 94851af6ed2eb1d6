/* imsg-problem.c - one thing that is wrong with a message, or that a call could not do
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-problem-private.h"

/**
 * IMsgProblem:
 *
 * One thing that is wrong with a message, or one part of a call that could not be done.
 *
 * Damage never stops the reading of what is sound: it is listed as problems, each telling where
 * (`__attach_version1.0_#00000002/__properties_version1.0`), what kind ([error@IMsg.Error]), and
 * in words. Calls over many properties list what they could not do in the same way, with the
 * position and tag of the property (`SPropProblem`).
 *
 * A problem is immutable and may cross threads.
 *
 * Since: 1.0
 */
struct _IMsgProblem
{
  gatomicrefcount ref_count;
  char           *where;
  char           *text;
  IMsgError       code;
  guint           index;
  guint32         tag;
};

G_DEFINE_BOXED_TYPE (IMsgProblem, imsg_problem, imsg_problem_ref, imsg_problem_unref)

static IMsgProblem *
problem_new (char      *where,
             IMsgError  code,
             char      *text,
             guint      index,
             guint32    tag)
{
  IMsgProblem *self = g_new0 (IMsgProblem, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->where = where;
  self->code = code;
  self->text = text;
  self->index = index;
  self->tag = tag;
  return self;
}

/**
 * imsg_problem_ref:
 * @self: a problem
 *
 * Takes a reference.
 *
 * Returns: (transfer full): @self
 * Since: 1.0
 */
IMsgProblem *
imsg_problem_ref (IMsgProblem *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * imsg_problem_unref:
 * @self: (transfer full): a problem
 *
 * Drops a reference.
 *
 * Since: 1.0
 */
void
imsg_problem_unref (IMsgProblem *self)
{
  g_return_if_fail (self != NULL);

  if (g_atomic_ref_count_dec (&self->ref_count))
    {
      g_free (self->where);
      g_free (self->text);
      g_free (self);
    }
}

/**
 * imsg_problem_get_where:
 * @self: a problem
 *
 * Tells the place: the path of a storage or stream, or a property.
 *
 * Returns: the place
 * Since: 1.0
 */
const char *
imsg_problem_get_where (const IMsgProblem *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->where;
}

/**
 * imsg_problem_get_code:
 * @self: a problem
 *
 * Tells the kind.
 *
 * Returns: the kind, as an error would have it
 * Since: 1.0
 */
IMsgError
imsg_problem_get_code (const IMsgProblem *self)
{
  g_return_val_if_fail (self != NULL, IMSG_ERROR_FAILED);

  return self->code;
}

/**
 * imsg_problem_get_text:
 * @self: a problem
 *
 * Tells what is wrong, in words and with the figures.
 *
 * The words are those of the language that the program had set when the problem was found; what a
 * program decides by is the code, see [method@IMsg.Problem.get_code].
 *
 * Returns: one sentence
 * Since: 1.0
 */
const char *
imsg_problem_get_text (const IMsgProblem *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->text;
}

/**
 * imsg_problem_get_index:
 * @self: a problem
 *
 * Tells the position of the property in the list the call was given.
 *
 * Source: `SPropProblem.ulIndex`.
 *
 * Returns: the position from 0, or `G_MAXUINT` when the problem is not about one of a list
 * Since: 1.0
 */
guint
imsg_problem_get_index (const IMsgProblem *self)
{
  g_return_val_if_fail (self != NULL, G_MAXUINT);

  return self->index;
}

/**
 * imsg_problem_get_tag:
 * @self: a problem
 *
 * Tells the property.
 *
 * Source: `SPropProblem.ulPropTag`.
 *
 * Returns: its tag, or 0 when the problem is not about a property
 * Since: 1.0
 */
guint32
imsg_problem_get_tag (const IMsgProblem *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->tag;
}

IMsgProblem *
_imsg_problem_new (const char *where,
                   IMsgError   code,
                   const char *format,
                   ...)
{
  va_list args;
  char *text;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  return problem_new (g_strdup (where), code, text, G_MAXUINT, 0);
}

IMsgProblem *
_imsg_problem_new_property (guint       index,
                            guint32     tag,
                            IMsgError   code,
                            const char *text)
{
  return problem_new (g_strdup_printf ("0x%08X", tag), code, g_strdup (text), index, tag);
}

IMsgProblem *
_imsg_problem_new_error (const char   *where,
                         const GError *error)
{
  IMsgError code = error->domain == IMSG_ERROR ? (IMsgError) error->code : IMSG_ERROR_DISK_ERROR;

  return problem_new (g_strdup (where), code, g_strdup (error->message), G_MAXUINT, 0);
}

GPtrArray *
_imsg_problem_list_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) imsg_problem_unref);
}

/* Takes @problem; past the bound it is dropped. */
void
_imsg_problem_list_add (GPtrArray   *problems,
                        IMsgProblem *problem)
{
  if (problems != NULL && problems->len < IMSG_MAX_PROBLEMS)
    g_ptr_array_add (problems, problem);
  else
    imsg_problem_unref (problem);
}
