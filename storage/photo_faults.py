"""Why a photo is not kept: the sentences, each saying what to do next (a message id)."""

from storage.texts import N_

LARGEST = 20 * 2**20
"""Bytes. Telegram gives no bot a larger file (Bot API, getFile)."""

TOO_LARGE = N_("这个文件超过 20 MB，Telegram 不让机器人下载。请不要“以文件发送”，直接作为照片发送。")
EMPTY = N_("这个文件是空的（0 字节）。请从相册里重新选这张照片发送。")
NOT_A_PHOTO = N_("这里只收照片，视频和录音还不能存。请发照片，或者截一张图再发。")
NOT_A_PICTURE = N_(
    "这个文件不是照片，或者格式不支持。请发 JPEG、PNG、WebP、HEIC 或 AVIF 照片，也可以从相册里选照片直接发送。"
)
DAMAGED = N_("照片文件不完整或已损坏，打不开。请从相册里重新选原图发送。")
TOO_MANY_PIXELS = N_("照片的尺寸太大，处理不了。请不要“以文件发送”，直接作为照片发送。")
UNREACHABLE = N_("文件读不了（{why}）。请检查文件名和权限。")
LOST = N_("Telegram 已经给不出这张照片了。")
