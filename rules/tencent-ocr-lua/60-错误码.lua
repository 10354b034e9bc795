language(1, "zh")
-- 失败的调用：错误码计几次。计费的失败与成功一样计一次，从该接口的资源包扣（A57）。
-- 没有列出的错误码不计费，并给出提示（A56）。

local calls = of "次"
local function free(code, meaning, one_interface) return {code, calls(0), one_interface == true, T(meaning)} end
local function charged(code, meaning, one_interface) return {code, calls(1), one_interface == true, T(meaning)} end

table("错误码表", by "错误码", lists "错误码") {
  source "购买指南 · 错误码计费说明 (2025-04-10)",
  allow("W1001", "含义", because "照印，给人看的"),
  {"错误码", "计次", {"限定接口", bool}, {"含义", text}},

  heading "业务错误码：不计费",
  free("FailedOperation.MultiCardError", "照片中存在多张卡"),
  free("FailedOperation.ImageBlur", "图片模糊"),
  free("FailedOperation.ImageNoIdCard", "图片中未检测到身份证"),
  free("FailedOperation.ImageNoText", "图片中未检测到文本"),
  free("FailedOperation.ImageDecodeFailed", "图片解码失败"),
  free("FailedOperation.IdCardInfoIllegal", "身份证信息不合法（身份证号、姓名字段校验非法等）"),
  free("FailedOperation.DetectFailed", "检测失败"),
  free("FailedOperation.DownLoadError", "文件下载失败"),
  free("FailedOperation.EngineRecognizeTimeout", "引擎识别超时"),
  free("FailedOperation.ImageSizeTooLarge", "图片尺寸过大"),
  free("FailedOperation.LanguageNotSupport", "输入的 Language 不支持"),
  free("FailedOperation.OcrFailed", "OCR 识别失败"),
  free("FailedOperation.UnKnowError", "未知错误"),
  free("FailedOperation.UnOpenError", "服务未开通"),
  free("InvalidParameter.ConfigFormatError", "Config 不是有效的 JSON 格式"),
  free("InvalidParameter.EngineImageDecodeFailed", "图片解码失败"),
  free("InvalidParameterValue.InvalidParameterValueLimit", "参数值错误"),
  free("LimitExceeded.TooLargeFileError", "文件内容太大"),
  free("ResourcesSoldOut.ChargeStatusException", "计费状态异常"),
  free("FailedOperation.QueryNoRecord", "查询无记录"),

  heading "公共错误码：不计费",
  free("UnsupportedOperation", "操作不支持"),
  free("ResourceInUse", "资源被占用"),
  -- 现行网页印作 InternalError，不在本文档，按未列出处理（A56）
  free("InternalServerError", "内部错误"),
  free("RequestLimitExceeded", "请求的次数超过了频率限制"),
  free("AuthFailure.SecretIdNotFound", "密钥不存在"),
  free("LimitExceeded", "超过配额限制"),
  free("NoSuchVersion", "接口版本不存在"),
  free("AuthFailure.SignatureFailure", "签名错误"),
  free("AuthFailure.SignatureExpire", "签名过期，与服务器时间相差超过五分钟"),
  free("UnsupportedRegion", "接口不支持所传地域"),
  free("UnauthorizedOperation", "未授权操作"),
  free("InvalidParameter", "参数错误"),
  free("ResourceUnavailable", "资源不可用"),
  free("AuthFailure.MFAFailure", "MFA 错误"),
  free("AuthFailure.UnauthorizedOperation", "请求未授权"),
  free("AuthFailure.InvalidSecretId", "密钥非法（不是云 API 密钥类型）"),
  free("AuthFailure.TokenFailure", "token 错误"),
  free("DryRunOperation", "请求将会成功，只是多传了 DryRun 参数"),
  free("FailedOperation", "操作失败"),
  free("UnknownParameter", "未知参数错误"),
  free("UnsupportedProtocol", "HTTP(S) 请求协议错误，只支持 GET 和 POST"),
  free("InvalidParameterValue", "参数取值错误"),
  free("InvalidAction", "接口不存在"),
  free("MissingParameter", "缺少参数错误"),
  free("ResourceInsufficient", "资源不足"),

  heading "业务错误码：2020-07-06 起计费，此前不计",
  until_(date "2020-07-06"),
  free("FailedOperation.InvoiceMismatch", "增值税发票核验（新版）：发票数据不一致", true),
  free("ResourceNotFound.NoInvoice", "增值税发票核验（新版）：发票不存在", true),
  free("FailedOperation.EmptyImageError", "图片内容为空"),
  free("FailedOperation.ImageNoBusinessCard", "照片未检测到名片"),
  from(date "2020-07-06"),
  charged("FailedOperation.InvoiceMismatch", "增值税发票核验（新版）：发票数据不一致", true),
  charged("ResourceNotFound.NoInvoice", "增值税发票核验（新版）：发票不存在", true),
  -- 混贴票据识别返回它时计 0 次：没有单据，不知归哪种资源包（A13）
  charged("FailedOperation.EmptyImageError", "图片内容为空"),
  -- 就含义只会出自名片识别，但未印限定
  charged("FailedOperation.ImageNoBusinessCard", "照片未检测到名片"),
}

-- 只对一个接口计费的错误码：说明以“增值税发票核验（新版）”开头。用于别的接口不计费，并给出提示（A79）。
table("错误码限定", by("错误码", "接口")) {
  source "购买指南 · 错误码计费说明 (2025-04-10)",
  {"错误码", "接口"},
  {"FailedOperation.InvoiceMismatch", "增值税发票核验（新版）"},
  {"ResourceNotFound.NoInvoice", "增值税发票核验（新版）"},
}
