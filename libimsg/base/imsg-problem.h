/* imsg-problem.h - one thing that is wrong with a message, or that a call could not do
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
#if !defined(IMSG_INSIDE) && !defined(IMSG_COMPILATION)
# error "Include <imsg.h> only."
#endif

#include "imsg-error.h"

G_BEGIN_DECLS

#define IMSG_TYPE_PROBLEM (imsg_problem_get_type ())

typedef struct _IMsgProblem IMsgProblem;

IMSG_AVAILABLE_IN_ALL
GType        imsg_problem_get_type  (void);

IMSG_AVAILABLE_IN_ALL
IMsgProblem *imsg_problem_ref       (IMsgProblem       *self);
IMSG_AVAILABLE_IN_ALL
void         imsg_problem_unref     (IMsgProblem       *self);

IMSG_AVAILABLE_IN_ALL
const char  *imsg_problem_get_where (const IMsgProblem *self);
IMSG_AVAILABLE_IN_ALL
IMsgError    imsg_problem_get_code  (const IMsgProblem *self);
IMSG_AVAILABLE_IN_ALL
const char  *imsg_problem_get_text  (const IMsgProblem *self);
IMSG_AVAILABLE_IN_ALL
guint        imsg_problem_get_index (const IMsgProblem *self);
IMSG_AVAILABLE_IN_ALL
guint32      imsg_problem_get_tag   (const IMsgProblem *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IMsgProblem, imsg_problem_unref)

G_END_DECLS
