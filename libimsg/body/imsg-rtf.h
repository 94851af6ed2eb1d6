/* imsg-rtf.h - what RTF holds, HTML and text out of it and into it
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once
#if !defined(IMSG_INSIDE) && !defined(IMSG_COMPILATION)
# error "Include <imsg.h> only."
#endif

#include "imsg-problem.h"

G_BEGIN_DECLS

typedef enum
{
  IMSG_RTF_CONTENT_NONE,
  IMSG_RTF_CONTENT_RICH_TEXT,
  IMSG_RTF_CONTENT_HTML,
  IMSG_RTF_CONTENT_TEXT,
} IMsgRtfContent;

IMSG_AVAILABLE_IN_ALL
IMsgRtfContent imsg_rtf_get_content (GBytes      *rtf);
IMSG_AVAILABLE_IN_ALL
char          *imsg_rtf_to_html     (GBytes      *rtf,
                                     GPtrArray  **problems,
                                     GError     **error) G_GNUC_WARN_UNUSED_RESULT;
IMSG_AVAILABLE_IN_ALL
char          *imsg_rtf_to_text     (GBytes      *rtf,
                                     GPtrArray  **problems,
                                     GError     **error) G_GNUC_WARN_UNUSED_RESULT;
IMSG_AVAILABLE_IN_ALL
GBytes        *imsg_rtf_from_html   (const char  *html) G_GNUC_WARN_UNUSED_RESULT;
IMSG_AVAILABLE_IN_ALL
GBytes        *imsg_rtf_from_text   (const char  *text) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
