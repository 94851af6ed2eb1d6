/* imsg-error.c - the errors of the library and their MAPI values
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-error.h"

/**
 * IMsgError:
 * @IMSG_ERROR_FAILED: something unexpected (`MAPI_E_CALL_FAILED`)
 * @IMSG_ERROR_NOT_ENOUGH_MEMORY: no memory, or a value too large for this call: use a stream
 *   (`MAPI_E_NOT_ENOUGH_MEMORY`)
 * @IMSG_ERROR_INVALID_PARAMETER: an argument makes no sense (`MAPI_E_INVALID_PARAMETER`)
 * @IMSG_ERROR_INTERFACE_NOT_SUPPORTED: this cannot be opened that way
 *   (`MAPI_E_INTERFACE_NOT_SUPPORTED`)
 * @IMSG_ERROR_NO_ACCESS: not permitted, as writing to a read-only object (`MAPI_E_NO_ACCESS`)
 * @IMSG_ERROR_NO_SUPPORT: not supported (`MAPI_E_NO_SUPPORT`)
 * @IMSG_ERROR_BAD_CHARWIDTH: text that the 8-bit code page cannot hold (`MAPI_E_BAD_CHARWIDTH`)
 * @IMSG_ERROR_INVALID_FLAGS: unknown flag bits (`MAPI_E_UNKNOWN_FLAGS`)
 * @IMSG_ERROR_CLOSED: the object was closed (`MAPI_E_INVALID_OBJECT`)
 * @IMSG_ERROR_OBJECT_CHANGED: somebody else changed the file (`MAPI_E_OBJECT_CHANGED`)
 * @IMSG_ERROR_OBJECT_DELETED: the object was deleted (`MAPI_E_OBJECT_DELETED`)
 * @IMSG_ERROR_BUSY: in use by another operation (`MAPI_E_BUSY`)
 * @IMSG_ERROR_NOT_ENOUGH_DISK: the disk is full (`MAPI_E_NOT_ENOUGH_DISK`)
 * @IMSG_ERROR_NOT_ENOUGH_RESOURCES: out of handles or the like (`MAPI_E_NOT_ENOUGH_RESOURCES`)
 * @IMSG_ERROR_NOT_FOUND: absent (`MAPI_E_NOT_FOUND`)
 * @IMSG_ERROR_VERSION: a version of the format that is not known (`MAPI_E_VERSION`)
 * @IMSG_ERROR_CANCELLED: the user cancelled (`MAPI_E_USER_CANCEL`)
 * @IMSG_ERROR_DISK_ERROR: reading or writing failed (`MAPI_E_DISK_ERROR`)
 * @IMSG_ERROR_TOO_COMPLEX: a restriction or sort order that cannot be evaluated
 *   (`MAPI_E_TOO_COMPLEX`)
 * @IMSG_ERROR_COMPUTED: the property is computed and cannot be set (`MAPI_E_COMPUTED`)
 * @IMSG_ERROR_CORRUPT_DATA: the bytes do not make sense (`MAPI_E_CORRUPT_DATA`)
 * @IMSG_ERROR_UNKNOWN_CODE_PAGE: a code page that is not known (`MAPI_E_UNKNOWN_CPID`)
 * @IMSG_ERROR_BAD_VALUE: outside the domain of the property (`MAPI_E_BAD_VALUE`)
 * @IMSG_ERROR_INVALID_TYPE: no property type (`MAPI_E_INVALID_TYPE`)
 * @IMSG_ERROR_TYPE_NO_SUPPORT: a property type that is never stored (`MAPI_E_TYPE_NO_SUPPORT`)
 * @IMSG_ERROR_UNEXPECTED_TYPE: the stored type cannot satisfy the one asked for
 *   (`MAPI_E_UNEXPECTED_TYPE`)
 * @IMSG_ERROR_TOO_BIG: over a limit (`MAPI_E_TOO_BIG`)
 * @IMSG_ERROR_UNEXPECTED_ID: a property id that cannot be used (`MAPI_E_UNEXPECTED_ID`)
 * @IMSG_ERROR_UNABLE_TO_COMPLETE: cannot finish (`MAPI_E_UNABLE_TO_COMPLETE`)
 * @IMSG_ERROR_TABLE_TOO_BIG: more rows than asked for (`MAPI_E_TABLE_TOO_BIG`)
 * @IMSG_ERROR_INVALID_BOOKMARK: no such bookmark (`MAPI_E_INVALID_BOOKMARK`)
 * @IMSG_ERROR_COLLISION: the name exists already (`MAPI_E_COLLISION`)
 * @IMSG_ERROR_FOLDER_CYCLE: the destination lies inside the source (`MAPI_E_FOLDER_CYCLE`)
 *
 * Errors of the objects of this library.
 *
 * I/O and cancellation come as %G_IO_ERROR. Each code has the value of MAPI behind it, see
 * [func@IMsg.Error.get_scode]. Messages are in the language that the program has set with
 * `setlocale()`; the library does nothing to the locale.
 *
 * Since: 1.0
 */

G_DEFINE_QUARK (imsg-error-quark, imsg_error)

static const struct
{
  guint32     scode;
  const char *name;
} error_codes[] = {
  [IMSG_ERROR_FAILED] = { 0x80004005, "FAILED" },
  [IMSG_ERROR_NOT_ENOUGH_MEMORY] = { 0x8007000E, "NOT_ENOUGH_MEMORY" },
  [IMSG_ERROR_INVALID_PARAMETER] = { 0x80070057, "INVALID_PARAMETER" },
  [IMSG_ERROR_INTERFACE_NOT_SUPPORTED] = { 0x80004002, "INTERFACE_NOT_SUPPORTED" },
  [IMSG_ERROR_NO_ACCESS] = { 0x80070005, "NO_ACCESS" },
  [IMSG_ERROR_NO_SUPPORT] = { 0x80040102, "NO_SUPPORT" },
  [IMSG_ERROR_BAD_CHARWIDTH] = { 0x80040103, "BAD_CHARWIDTH" },
  [IMSG_ERROR_INVALID_FLAGS] = { 0x80040106, "INVALID_FLAGS" },
  [IMSG_ERROR_CLOSED] = { 0x80040108, "CLOSED" },
  [IMSG_ERROR_OBJECT_CHANGED] = { 0x80040109, "OBJECT_CHANGED" },
  [IMSG_ERROR_OBJECT_DELETED] = { 0x8004010A, "OBJECT_DELETED" },
  [IMSG_ERROR_BUSY] = { 0x8004010B, "BUSY" },
  [IMSG_ERROR_NOT_ENOUGH_DISK] = { 0x8004010D, "NOT_ENOUGH_DISK" },
  [IMSG_ERROR_NOT_ENOUGH_RESOURCES] = { 0x8004010E, "NOT_ENOUGH_RESOURCES" },
  [IMSG_ERROR_NOT_FOUND] = { 0x8004010F, "NOT_FOUND" },
  [IMSG_ERROR_VERSION] = { 0x80040110, "VERSION" },
  [IMSG_ERROR_CANCELLED] = { 0x80040113, "CANCELLED" },
  [IMSG_ERROR_DISK_ERROR] = { 0x80040116, "DISK_ERROR" },
  [IMSG_ERROR_TOO_COMPLEX] = { 0x80040117, "TOO_COMPLEX" },
  [IMSG_ERROR_COMPUTED] = { 0x8004011A, "COMPUTED" },
  [IMSG_ERROR_CORRUPT_DATA] = { 0x8004011B, "CORRUPT_DATA" },
  [IMSG_ERROR_UNKNOWN_CODE_PAGE] = { 0x8004011E, "UNKNOWN_CODE_PAGE" },
  [IMSG_ERROR_BAD_VALUE] = { 0x80040301, "BAD_VALUE" },
  [IMSG_ERROR_INVALID_TYPE] = { 0x80040302, "INVALID_TYPE" },
  [IMSG_ERROR_TYPE_NO_SUPPORT] = { 0x80040303, "TYPE_NO_SUPPORT" },
  [IMSG_ERROR_UNEXPECTED_TYPE] = { 0x80040304, "UNEXPECTED_TYPE" },
  [IMSG_ERROR_TOO_BIG] = { 0x80040305, "TOO_BIG" },
  [IMSG_ERROR_UNEXPECTED_ID] = { 0x80040307, "UNEXPECTED_ID" },
  [IMSG_ERROR_UNABLE_TO_COMPLETE] = { 0x80040400, "UNABLE_TO_COMPLETE" },
  [IMSG_ERROR_TABLE_TOO_BIG] = { 0x80040403, "TABLE_TOO_BIG" },
  [IMSG_ERROR_INVALID_BOOKMARK] = { 0x80040405, "INVALID_BOOKMARK" },
  [IMSG_ERROR_COLLISION] = { 0x80040604, "COLLISION" },
  [IMSG_ERROR_FOLDER_CYCLE] = { 0x8004060B, "FOLDER_CYCLE" },
};

/* What an I/O error is in MAPI's words. */
static guint32
scode_from_io_error (int code)
{
  switch (code)
    {
    case G_IO_ERROR_CANCELLED:
      return 0x80040113;
    case G_IO_ERROR_CLOSED:
      return 0x80040108;
    case G_IO_ERROR_NOT_FOUND:
      return 0x8004010F;
    case G_IO_ERROR_EXISTS:
      return 0x80040604;
    case G_IO_ERROR_PERMISSION_DENIED:
    case G_IO_ERROR_READ_ONLY:
      return 0x80070005;
    case G_IO_ERROR_NO_SPACE:
      return 0x8004010D;
    case G_IO_ERROR_TOO_MANY_OPEN_FILES:
      return 0x8004010E;
    case G_IO_ERROR_NOT_SUPPORTED:
      return 0x80040102;
    case G_IO_ERROR_INVALID_ARGUMENT:
      return 0x80070057;
    case G_IO_ERROR_BUSY:
    case G_IO_ERROR_PENDING:
      return 0x8004010B;
    default:
      return 0x80040116;
    }
}

/**
 * imsg_error_get_scode:
 * @error: an error of any domain
 *
 * Gives the MAPI value (`SCODE`) of an error.
 *
 * [error@IMsg.Error] has a value for each code; I/O errors get the nearest one; anything else is
 * `MAPI_E_CALL_FAILED`. Source: `MapStorageSCode`.
 *
 * Returns: a failure code of MAPI
 * Since: 1.0
 */
guint32
imsg_error_get_scode (const GError *error)
{
  g_return_val_if_fail (error != NULL, error_codes[IMSG_ERROR_FAILED].scode);

  if (error->domain == IMSG_ERROR && error->code >= 0 &&
      error->code < (int) G_N_ELEMENTS (error_codes))
    return error_codes[error->code].scode;
  if (error->domain == G_IO_ERROR)
    return scode_from_io_error (error->code);
  return error_codes[IMSG_ERROR_FAILED].scode;
}

/**
 * imsg_error_code_to_name:
 * @code: a code
 *
 * Names a code as `imsg dump` prints it, such as `CORRUPT_DATA`.
 *
 * Returns: the name, in capitals
 * Since: 1.0
 */
const char *
imsg_error_code_to_name (IMsgError code)
{
  if ((guint) code >= G_N_ELEMENTS (error_codes))
    return error_codes[IMSG_ERROR_FAILED].name;
  return error_codes[code].name;
}
