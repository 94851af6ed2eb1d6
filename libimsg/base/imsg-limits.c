/* imsg-limits.c - the bounds that no input gets past
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-limits-private.h"

#define MEBIBYTE (G_GUINT64_CONSTANT (1) << 20)

/**
 * IMsgLimit:
 * @IMSG_LIMIT_DIRECTORY_ENTRIES: entries of a storage file's directory: 1 048 576; each costs memory
 * @IMSG_LIMIT_NESTING: storages, and messages, inside one another: 32 messages deep
 * @IMSG_LIMIT_PROPERTIES: properties of one object: 65 536, as many as there are ids
 * @IMSG_LIMIT_RECIPIENTS: recipients of one message: 65 536; Outlook stops at 2 048
 * @IMSG_LIMIT_ATTACHMENTS: attachments of one message: 65 536; Outlook stops at 2 048
 * @IMSG_LIMIT_RTF_BYTES: decompressed RTF held in memory: 64 MiB; what passes through a stream is
 *   never over 8 times its input
 * @IMSG_LIMIT_HTML_BYTES: an HTML body: 64 MiB
 * @IMSG_LIMIT_VALUE_BYTES: one value held in memory: 256 MiB; larger ones come as streams
 * @IMSG_LIMIT_RESTRICTION_NESTING: restrictions inside one another: 256
 * @IMSG_LIMIT_IMPORT_PARTS: parts of one imported MIME message: 65 536
 * @IMSG_LIMIT_HEADER_BYTES: the headers of an imported MIME message, or of one of its parts: 8 MiB;
 *   each of their bytes may cost fifty while they are read
 * @IMSG_LIMIT_COPIED_FILE_BYTES: a file that is copied when it is attached: 16 MiB; a larger one is
 *   read when the message is saved, see [method@IMsg.Attachment.set_file]
 *
 * The bounds that no input gets past.
 *
 * A session carries its own set, see [method@IMsg.Session.set_limit].
 *
 * Since: 1.0
 */

static const IMsgLimits defaults = {
  {
    [IMSG_LIMIT_DIRECTORY_ENTRIES] = 1048576,
    [IMSG_LIMIT_NESTING] = 32,
    [IMSG_LIMIT_PROPERTIES] = 65536,
    [IMSG_LIMIT_RECIPIENTS] = 65536,
    [IMSG_LIMIT_ATTACHMENTS] = 65536,
    [IMSG_LIMIT_RTF_BYTES] = 64 * MEBIBYTE,
    [IMSG_LIMIT_HTML_BYTES] = 64 * MEBIBYTE,
    [IMSG_LIMIT_VALUE_BYTES] = 256 * MEBIBYTE,
    [IMSG_LIMIT_RESTRICTION_NESTING] = 256,
    [IMSG_LIMIT_IMPORT_PARTS] = 65536,
    [IMSG_LIMIT_HEADER_BYTES] = 8 * MEBIBYTE,
    [IMSG_LIMIT_COPIED_FILE_BYTES] = 16 * MEBIBYTE,
  },
};

/**
 * imsg_limit_get_default:
 * @limit: which bound
 *
 * Gives the bound that holds where no session sets another.
 *
 * Returns: a count, or bytes where the name says so
 * Since: 1.0
 */
guint64
imsg_limit_get_default (IMsgLimit limit)
{
  g_return_val_if_fail ((guint) limit < IMSG_N_LIMITS, 0);

  return defaults.values[limit];
}

const IMsgLimits *
_imsg_limits_get_default (void)
{
  return &defaults;
}
