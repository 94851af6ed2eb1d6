/* imsg-problem-private.h - making problems
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "imsg-problem.h"

G_BEGIN_DECLS

/* Problems a list holds at most; a hostile file could make millions. */
#define IMSG_MAX_PROBLEMS 1000

IMsgProblem *_imsg_problem_new          (const char   *where,
                                         IMsgError     code,
                                         const char   *format,
                                         ...) G_GNUC_PRINTF (3, 4);
IMsgProblem *_imsg_problem_new_property (guint         index,
                                         guint32       tag,
                                         IMsgError     code,
                                         const char   *text);
IMsgProblem *_imsg_problem_new_error    (const char   *where,
                                         const GError *error);

GPtrArray   *_imsg_problem_list_new     (void);
void         _imsg_problem_list_add     (GPtrArray    *problems,
                                         IMsgProblem  *problem);

/* Makes a problem of a place, a code, a format and its arguments, and adds it. A hostile file may
 * have millions: where the list takes no more, or is NULL, nothing is looked up or made. */
#define _imsg_problem_list_tell(problems, ...) \
  G_STMT_START \
    { \
      if ((problems) != NULL && (problems)->len < IMSG_MAX_PROBLEMS) \
        g_ptr_array_add ((problems), _imsg_problem_new (__VA_ARGS__)); \
    } \
  G_STMT_END

G_END_DECLS
