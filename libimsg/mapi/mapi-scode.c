/* mapi-scode.c - codes of MAPI, of storages and of the library, into one another
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "mapi-private.h"

static const struct
{
  SCODE storage;
  SCODE mapi;
} storage_codes[] = {
  { E_NOTIMPL, MAPI_E_NO_SUPPORT },
  { STG_E_INVALIDFUNCTION, MAPI_E_NO_SUPPORT },
  { STG_E_FILENOTFOUND, MAPI_E_NOT_FOUND },
  { STG_E_PATHNOTFOUND, MAPI_E_NOT_FOUND },
  { STG_E_TOOMANYOPENFILES, MAPI_E_NOT_ENOUGH_RESOURCES },
  { STG_E_ACCESSDENIED, MAPI_E_NO_ACCESS },
  { STG_E_INVALIDHANDLE, MAPI_E_INVALID_OBJECT },
  { STG_E_INSUFFICIENTMEMORY, MAPI_E_NOT_ENOUGH_MEMORY },
  { STG_E_INVALIDPOINTER, MAPI_E_INVALID_PARAMETER },
  { STG_E_NOMOREFILES, MAPI_E_NOT_FOUND },
  { STG_E_DISKISWRITEPROTECTED, MAPI_E_NO_ACCESS },
  { STG_E_SEEKERROR, MAPI_E_DISK_ERROR },
  { STG_E_WRITEFAULT, MAPI_E_DISK_ERROR },
  { STG_E_READFAULT, MAPI_E_DISK_ERROR },
  { STG_E_SHAREVIOLATION, MAPI_E_NO_ACCESS },
  { STG_E_LOCKVIOLATION, MAPI_E_NO_ACCESS },
  { STG_E_FILEALREADYEXISTS, MAPI_E_COLLISION },
  { STG_E_INVALIDPARAMETER, MAPI_E_INVALID_PARAMETER },
  { STG_E_MEDIUMFULL, MAPI_E_NOT_ENOUGH_DISK },
  { STG_E_INVALIDHEADER, MAPI_E_CORRUPT_DATA },
  { STG_E_INVALIDNAME, MAPI_E_INVALID_PARAMETER },
  { STG_E_UNIMPLEMENTEDFUNCTION, MAPI_E_NO_SUPPORT },
  { STG_E_INVALIDFLAG, MAPI_E_UNKNOWN_FLAGS },
  { STG_E_INUSE, MAPI_E_BUSY },
  { STG_E_NOTCURRENT, MAPI_E_OBJECT_CHANGED },
  { STG_E_REVERTED, MAPI_E_OBJECT_DELETED },
  { STG_E_CANTSAVE, MAPI_E_DISK_ERROR },
  { STG_E_OLDFORMAT, MAPI_E_VERSION },
  { STG_E_OLDDLL, MAPI_E_VERSION },
  { STG_E_SHAREREQUIRED, MAPI_E_NO_ACCESS },
  { STG_E_NOTFILEBASEDSTORAGE, MAPI_E_NO_SUPPORT },
  { STG_E_EXTANTMARSHALLINGS, MAPI_E_BUSY },
  { STG_E_DOCFILECORRUPT, MAPI_E_CORRUPT_DATA },
  { STG_E_DOCFILETOOLARGE, MAPI_E_TOO_BIG },
  { STG_E_NOTSIMPLEFORMAT, MAPI_E_NO_SUPPORT },
  { STG_E_INCOMPLETE, MAPI_E_CORRUPT_DATA },
};

SCODE
MapStorageSCode (SCODE StgSCode)
{
  if (SUCCEEDED (StgSCode))
    return S_OK;
  if (HRESULT_FACILITY (StgSCode) == FACILITY_ITF)
    return StgSCode;
  if (StgSCode == E_OUTOFMEMORY || StgSCode == E_INVALIDARG || StgSCode == E_NOINTERFACE ||
      StgSCode == E_ACCESSDENIED)
    return StgSCode;
  for (gsize i = 0; i < G_N_ELEMENTS (storage_codes); i++)
    {
      if (storage_codes[i].storage == StgSCode)
        return storage_codes[i].mapi;
    }
  return MAPI_E_CALL_FAILED;
}

SCODE
mapi_error_to_scode (const GError *error)
{
  SCODE scode;

  if (error == NULL)
    return MAPI_E_CALL_FAILED;
  scode = (SCODE) imsg_error_get_scode (error);
  return FAILED (scode) ? scode : MAPI_E_CALL_FAILED;
}

SCODE
mapi_take_error (GError **error)
{
  SCODE scode = mapi_error_to_scode (*error);

  g_clear_error (error);
  return scode;
}

SCODE
mapi_code_to_scode (IMsgError code)
{
  GError error = { IMSG_ERROR, (int) code, NULL };

  return mapi_error_to_scode (&error);
}

typedef struct
{
  int     code;
  HRESULT storage_code;
} StorageCode;

/* What storages and streams answer for a code of IMSG_ERROR */
static const StorageCode message_codes[] = {
  { IMSG_ERROR_NOT_ENOUGH_MEMORY, STG_E_INSUFFICIENTMEMORY },
  { IMSG_ERROR_INVALID_PARAMETER, STG_E_INVALIDNAME },
  { IMSG_ERROR_NO_ACCESS, STG_E_ACCESSDENIED },
  { IMSG_ERROR_INVALID_FLAGS, STG_E_INVALIDFLAG },
  { IMSG_ERROR_CLOSED, STG_E_REVERTED },
  { IMSG_ERROR_OBJECT_DELETED, STG_E_REVERTED },
  { IMSG_ERROR_OBJECT_CHANGED, STG_E_NOTCURRENT },
  { IMSG_ERROR_BUSY, STG_E_ACCESSDENIED },
  { IMSG_ERROR_NOT_ENOUGH_DISK, STG_E_MEDIUMFULL },
  { IMSG_ERROR_NOT_ENOUGH_RESOURCES, STG_E_TOOMANYOPENFILES },
  { IMSG_ERROR_NOT_FOUND, STG_E_FILENOTFOUND },
  { IMSG_ERROR_VERSION, STG_E_OLDFORMAT },
  { IMSG_ERROR_DISK_ERROR, STG_E_READFAULT },
  { IMSG_ERROR_CORRUPT_DATA, STG_E_DOCFILECORRUPT },
  { IMSG_ERROR_BAD_CHARWIDTH, STG_E_CANTSAVE },
  { IMSG_ERROR_TOO_BIG, STG_E_DOCFILETOOLARGE },
  { IMSG_ERROR_COLLISION, STG_E_FILEALREADYEXISTS },
  { IMSG_ERROR_FOLDER_CYCLE, STG_E_ACCESSDENIED },
  { IMSG_ERROR_NO_SUPPORT, STG_E_INVALIDFUNCTION },
};

/* The same for a code of G_IO_ERROR */
static const StorageCode io_codes[] = {
  { G_IO_ERROR_NOT_FOUND, STG_E_FILENOTFOUND },
  { G_IO_ERROR_NOT_DIRECTORY, STG_E_PATHNOTFOUND },
  { G_IO_ERROR_EXISTS, STG_E_FILEALREADYEXISTS },
  { G_IO_ERROR_IS_DIRECTORY, STG_E_FILEALREADYEXISTS },
  { G_IO_ERROR_PERMISSION_DENIED, STG_E_ACCESSDENIED },
  { G_IO_ERROR_READ_ONLY, STG_E_ACCESSDENIED },
  { G_IO_ERROR_NO_SPACE, STG_E_MEDIUMFULL },
  { G_IO_ERROR_TOO_MANY_OPEN_FILES, STG_E_TOOMANYOPENFILES },
  { G_IO_ERROR_CLOSED, STG_E_REVERTED },
  { G_IO_ERROR_FILENAME_TOO_LONG, STG_E_INVALIDNAME },
  { G_IO_ERROR_INVALID_FILENAME, STG_E_INVALIDNAME },
  { G_IO_ERROR_INVALID_ARGUMENT, STG_E_INVALIDFUNCTION },
};

static HRESULT
find_storage_code (const StorageCode *codes,
                   gsize              n_codes,
                   int                code,
                   HRESULT            otherwise)
{
  for (gsize i = 0; i < n_codes; i++)
    if (codes[i].code == code)
      return codes[i].storage_code;
  return otherwise;
}

static HRESULT
storage_code_from_error (const GError *error)
{
  if (error != NULL && error->domain == IMSG_ERROR)
    return find_storage_code (message_codes, G_N_ELEMENTS (message_codes), error->code,
                              STG_E_UNKNOWN);
  if (error != NULL && error->domain == G_IO_ERROR)
    return find_storage_code (io_codes, G_N_ELEMENTS (io_codes), error->code, STG_E_READFAULT);
  return STG_E_UNKNOWN;
}

HRESULT
mapi_take_storage_error (GError **error)
{
  HRESULT code = storage_code_from_error (*error);

  g_clear_error (error);
  return code;
}
