//! Every word on the screens, in both languages, in one typed table. Sentences with arguments are in
//! [`sentences`]; reasons, refusals and problems make their own in the engine.
//!
//! A key without both languages does not compile.

pub mod sentences;

use baton_engine::locale::Locale;

/// A text of the screens that has no arguments, in both languages. Each is a constant of its own, not the row of a
/// table, so that it goes with the screen that shows it, whenever that is loaded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Key(&'static [&'static str; 2]);

macro_rules! table {
    ($($key:ident: $english:literal, $chinese:literal;)*) => {
        #[expect(non_upper_case_globals, reason = "read as the variants of an enum are")]
        impl Key {
            $(pub const $key: Self = Self(&[$english, $chinese]);)*

            /// Every key, for the test that reads them all.
            pub const ALL: &[Self] = &[$(Self::$key,)*];
        }
    };
}

/// The text of a key in a language.
pub const fn text(key: Key, locale: Locale) -> &'static str {
    let [english, chinese] = *key.0;
    match locale {
        Locale::En => english,
        Locale::Zh => chinese,
    }
}

table! {
    // The frame.
    Brand: "Baton", "Baton";
    Language: "Language", "语言";
    Theme: "Theme", "外观";
    ThemeAuto: "Auto", "自动";
    ThemeLight: "Light", "浅色";
    ThemeDark: "Dark", "深色";
    ThemeContrast: "High contrast", "高对比度";
    Settings: "Settings", "设置";
    TimesAreUtc: "Times are in UTC", "时间为 UTC";
    Starting: "Starting…", "正在启动…";
    EngineHealth: "Engine", "引擎";
    Leads: "This tab does the polling", "由本标签页轮询";
    Follows: "Another tab does the polling; you see and steer it from here",
        "由另一标签页轮询；可在此查看和操作";
    WorkerOk: "Worker ok", "工作线程正常";
    InDatabase: "Kept in this browser's database", "保存在此浏览器的数据库中";
    InMemory: "Kept in memory: it is gone when this page is closed", "仅保存在内存：关闭页面后即丢失";
    NewInMemory: "New data is kept in memory only", "新数据仅保存在内存中";
    SentRefused: "That was refused", "操作被拒绝";
    Dismiss: "Dismiss", "关闭提示";
    ReadOnly: "Read only", "只读";

    // When the engine can't go on.
    FatalTitle: "The engine has stopped", "引擎已停止";
    FatalNewer: "The stored data was written by a newer version of this page. Nothing was changed. \
        Reload to get that version.",
        "已存数据由更新版本的页面写入，未作任何改动。请刷新以获得该版本。";
    FatalDatabase: "The browser's database can't be opened. You can go on in memory; what is stored stays as it is.",
        "无法打开浏览器数据库。可改在内存中继续，已存数据保持不变。";
    FatalNoLocks: "This page is not in a secure context (https or localhost), so the browser offers no locks \
        between tabs. You can go on in memory: private to this page, and gone with it.",
        "此页面不在安全上下文（https 或 localhost）中，浏览器不提供标签页之间的锁。可改在内存中继续：仅限本页，关闭即失。";
    FatalMessage: "Page and engine do not understand each other. Reload the page.",
        "页面与引擎无法互相理解。请刷新页面。";
    FatalCrashed: "The engine crashed, and is started again by itself. What it had committed is safe, and runs go on \
        where they were; an attempt that was under way is lost.",
        "引擎崩溃，即将自动重启。已提交的内容安全，运行将从原处继续；正在进行的尝试会丢失。";
    FatalCrashedInMemory: "The engine crashed, and what was kept in memory is gone with it.",
        "引擎崩溃，保存在内存中的内容已随之丢失。";
    Restart: "Restart the engine", "重启引擎";
    GoOnInMemory: "Go on in memory", "在内存中继续";

    // When something stands in the way of the whole engine.
    NotKept: "The browser's database can't take what is new, and nothing is polled until it can. Make some space and \
        try again, or go on in memory: what is new is then gone when the tab that polls is closed.",
        "浏览器数据库无法写入新数据，恢复前不会继续轮询。请腾出空间后重试，或改在内存中继续：负责轮询的标签页关闭后，新数据即丢失。";
    KeptInMemory: "What is new is kept in memory only: it is gone when the tab that polls is closed. Make some space, \
        then put it into the database.",
        "新数据仅保存在内存中：负责轮询的标签页关闭后即丢失。请腾出空间，再将其存入数据库。";
    KeepNow: "Put it into the database", "存入数据库";
    Offline: "You are offline. Until the network is back each poll counts as not yet; deadlines run on.",
        "当前离线。网络恢复前，每次轮询都记为“尚未到达”；截止时间照常计算。";

    // When a screen's code can't be loaded.
    NotLoaded: "This screen could not be loaded", "此页面未能载入";
    NotLoadedHint: "Look whether you are online, and try again. If Baton has been updated meanwhile, reload the page. \
        What is stored stays as it is.",
        "请检查网络连接后重试。若 Baton 已更新，请刷新页面。已存数据保持不变。";
    LoadAgain: "Try again", "重试";
    ReloadPage: "Reload the page", "刷新页面";

    // The settings.
    Display: "Display", "显示";
    LanguageAuto: "As the browser", "跟随浏览器";
    LanguageEn: "English", "English";
    LanguageZh: "简体中文", "简体中文";
    Times: "Times", "时间";
    TimesHint: "Of every instant on the screens, and of what is copied from them", "适用于界面上及从中复制的所有时刻";
    TimesLocal: "Local", "本地时间";
    TimesUtc: "UTC", "UTC";
    FixedByPage: "Set by the surrounding page", "由所在页面设定";
    ThisVisitOnly: "These choices last as long as this page: a board in another's page keeps nothing of its reader.",
        "这些选择仅在本页打开期间有效：嵌入其他页面的面板不保存读者的选择。";
    Keyboard: "Keyboard", "键盘";
    SingleKeys: "Single-key shortcuts", "单键快捷键";
    SingleKeysHint: "Keys such as j, k and r act while nothing is typed", "未在输入时，j、k、r 等按键直接生效";
    ShowKeys: "Show all keys", "查看全部按键";
    Notifications: "Notifications", "通知";
    NotifyWhen: "When a run ends", "运行结束时";
    NotifyHint: "Shown while the page can't be seen; a press on one opens its run", "页面不可见时显示；点击可打开该次运行";
    NotifyNever: "Never", "不通知";
    NotifyFailure: "On failure", "失败时";
    NotifyFinish: "On finish", "每次结束";
    NotifyAlways: "Also while the page can be seen", "页面可见时也通知";
    NotifyDenied: "The browser blocks notifications of this site. Allow them in the site settings, behind the sign beside \
        the address; then choose again.",
        "浏览器已阻止本站点的通知。请在地址栏旁的站点设置中允许通知，然后重新选择。";
    NotifyUndecided: "Notifications were neither allowed nor blocked. Choose again, and allow them.",
        "尚未授权浏览器显示通知。请重新选择并允许。";
    NotifyUnsupported: "This browser shows no notifications for this page: it needs https or localhost, and on a phone an \
        installed app.",
        "此浏览器无法为本页显示通知：需要 https 或 localhost，手机上需安装为应用。";
    Sound: "Sound", "声音";
    SoundHint: "A short tone with each notification", "每次通知时播放短促提示音";
    TrySound: "Try it", "试听";

    Data: "Stored data", "存储的数据";
    Space: "Space used", "占用空间";
    Persist: "Ask the browser to keep it", "请求浏览器长期保留";
    Persisted: "The browser keeps it until you erase it", "浏览器会一直保留，直到您清除";
    NotPersisted: "The browser may let go of it when the disk runs short", "磁盘空间不足时，浏览器可能会清除";
    KeepRuns: "Runs kept of each chain", "每条链路保留的运行数";
    KeepDays: "Days that evidence is kept", "证据保留天数";
    KeepMegabytes: "Megabytes of evidence kept", "证据保留容量（MB）";
    KeepAll: "All", "全部";
    KeepForever: "As long as there is space", "空间允许时一直保留";
    ChooseFile: "Choose a file", "选择文件";
    ExportAll: "Export all", "全部导出";
    ExportAllHint: "Chains, runs with their evidence, and settings, as one JSON file. Secrets are never in it.",
        "链路、运行及其证据和设置，保存为一个 JSON 文件，绝不包含机密。";
    Exporting: "Exporting…", "正在导出…";
    ImportFile: "Import", "导入";
    ImportFileHint: "A file that was exported here or in another browser. What is here already stays as it is.",
        "在此处或其他浏览器中导出的文件。已有内容保持不变。";
    Imported: "Imported", "导入完成";
    RunsImported: "Runs", "运行";
    Erase: "Erase", "清除";
    EraseHint: "All runs, or everything. It can't be undone.", "清除全部运行或全部内容，无法撤销。";
    EraseTitle: "What is to be erased?", "要清除什么？";
    EraseRuns: "All runs", "全部运行";
    EraseEverything: "Everything", "全部内容";
    EraseWord: "erase", "清除";
    ExportFirst: "Export first", "先导出";
    UnderWay: "Wait until what is under way is done.", "请等待当前操作完成。";
    Erased: "Erased", "已清除";

    // The keys.
    Keys: "Keys", "按键";
    KeysOff: "Single-key shortcuts are off; turn them on in the settings.", "单键快捷键已关闭，可在设置中开启。";
    KeysHint: "They act while the focus is in Baton, and never while you type.", "焦点在 Baton 内且未在输入时有效。";
    KeyGroupGo: "Go", "转到";
    KeyGroupLists: "In lists", "列表中";
    KeyGroupRun: "On a run or its row", "针对运行或其所在行";
    KeyGroupEditor: "In the editor", "编辑器中";
    KeyHelp: "These keys", "显示按键说明";
    KeyBoard: "The chains", "链路列表";
    KeyHistory: "The history of runs", "运行历史";
    KeySettings: "The settings", "设置";
    KeyBack: "Back", "返回";
    KeyFilter: "Filter", "筛选";
    KeyNext: "Next", "下一项";
    KeyPrevious: "Previous", "上一项";
    KeyOpen: "Open", "打开";
    KeyRun: "Run", "运行";
    KeyPause: "Pause or resume", "暂停或继续";
    KeyEarlier: "The attempt before", "上一次尝试";
    KeyLater: "The attempt after", "下一次尝试";
    KeyMatrix: "Fields in every system", "各系统中的字段";
    KeyThen: "then", "然后";
    Close: "Close", "关闭";

    // The board.
    Chains: "Chains", "链路";
    FilterChains: "Filter chains", "筛选链路";
    All: "All", "全部";
    Live: "Live", "进行中";
    Trouble: "Trouble", "有问题";
    NewChain: "New chain", "新建链路";
    OtherWays: "Other ways to begin", "其他新建方式";
    BlankChain: "Blank chain", "空白链路";
    ImportChain: "Paste cURL or import", "粘贴 cURL 或导入";
    CopySample: "Copy of the sample", "复制示例链路";
    NoChains: "No chains yet", "还没有链路";
    NoChainsHint: "A chain says which systems your data passes, and how to tell that it got there. \
        Describe one, and Baton polls each system until the data is there, right, and complete.",
        "链路描述数据经过哪些系统，以及如何判断它已到达。写下一条，Baton 会逐一轮询，直到数据到达、正确且完整。";
    NoMatch: "No chain matches", "没有匹配的链路";
    ClearFilter: "Clear the filter", "清除筛选";
    ScheduleOff: "Its schedule is off", "计划未启用";
    ScheduleOver: "Its schedule has no more starts", "计划已无后续运行";
    NeverRun: "Never run", "从未运行";
    FirstTitle: "See data on its way", "看看数据如何抵达";
    FirstHint: "It sends one event to a demonstration pipeline inside this page, then asks each system in turn \
        until the data is there. Nothing leaves your browser.",
        "向页面内置的演示管道发送一个事件，然后依次查询各系统，直到数据到达。所有内容都不会离开浏览器。";
    HintsTitle: "What you have just seen", "刚才看到的";
    HintPolls: "Each stage was polled until its checks passed. “Not yet” is no error: it is asked again. Open any attempt \
        for its request, its answer and why it counted as it did.",
        "每个阶段都会轮询，直到检查全部通过。“尚未到达”不是错误，会继续轮询。展开任意一次尝试，可查看请求、响应和判定理由。";
    HintMatrix: "Below, each field stands beside itself in every system. Open a cell for both values, and the rule by which \
        they agree or differ.",
        "下方的表格并列显示每个字段在各系统中的值。打开单元格，可查看两边的值，以及据以判定一致或不一致的规则。";
    HintCopy: "Make it yours: duplicate this chain, and put your own addresses in place of the demonstration's.",
        "换成你自己的：复制这条链路，把演示地址替换为你的系统地址。";
    RunSample: "Run the sample chain", "运行示例链路";

    // What can be done.
    Run: "Run", "运行";
    RunAgain: "Run again", "再次运行";
    Pause: "Pause", "暂停";
    Resume: "Resume", "继续";
    Stop: "Cancel run", "取消运行";
    PollNow: "Poll now", "立即轮询";
    RetryFromHere: "Retry from here", "从此处重试";
    ArmSchedule: "Start by schedule", "启用计划";
    DisarmSchedule: "Pause schedule", "暂停计划";
    Edit: "Edit", "编辑";

    // Secrets.
    Secrets: "Secrets", "机密";
    SecretsNeeded: "This chain needs secrets", "该链路需要机密";
    SecretsHint: "Kept in this browser only, and sent only where you allow it. Never shown again, and in no export, log \
        or evidence.",
        "仅保存在此浏览器中，只发往您允许之处；不再显示，也不会出现在导出、日志或证据中。";
    SecretSet: "set", "已设置";
    SecretNotSet: "not set", "未设置";
    SecretValue: "Value", "值";
    TypeToReplace: "type to replace it", "输入以替换";
    MayGoTo: "May go to", "可发往";
    WillGoTo: "Saving allows it to go to", "保存即允许发往";
    SaveAndGoOn: "Save and go on", "保存并继续";
    EnterSecrets: "Enter secrets and resume", "输入机密并继续";
    Cancel: "Cancel", "取消";
    StartRefused: "Its last start was refused:", "上次启动被拒绝：";

    // Statuses.
    Running: "Running", "运行中";
    NotStarted: "Not started", "未开始";
    Waiting: "Not yet", "尚未到达";
    Calling: "Asking", "请求中";
    Holding: "Holding", "保持中";
    Passed: "Passed", "已通过";
    Failed: "Failed", "失败";
    TimedOut: "Timed out", "超时";
    Cancelled: "Cancelled", "已取消";
    Paused: "Paused", "已暂停";
    Blocked: "Blocked", "被拦截";
    Lost: "Lost", "丢失";
    Aborted: "Given up", "已放弃";
    Late: "Late", "迟到";
    LateHint: "Passed, but later than it should have", "已通过，但晚于应到时间";
    Flapping: "Flapping", "波动";
    FlappingHint: "It passed, and then did not, while it had to last", "在保持期间曾通过又未通过";
    Unconfirmed: "Unconfirmed", "未确认";
    UnconfirmedHint: "Taken as sent; its answer is not known", "视为已发送；响应未知";
    Seeded: "Taken over", "沿用";
    SeededHint: "Verified in an earlier run, whose evidence is shown", "已在先前的运行中验证，显示其证据";
    VerifiedAgain: "Verified again at the end", "结束时再次验证";
    Once: "Sent once", "只发送一次";
    OnceHint: "Its request leaves at most once in a run", "每次运行中其请求至多发出一次";

    // The run.
    Stages: "Stages", "阶段";
    Runs: "Runs of this chain", "该链路的运行";
    Variables: "Variables", "变量";
    Captures: "Captured", "已提取";
    Started: "Started", "开始";
    Took: "Took", "耗时";
    SoFar: "So far", "已用";
    Environment: "Environment", "环境";
    Revision: "Revision", "修订";
    Deadline: "Deadline", "截止时间";
    Every: "Every", "间隔";
    Attempts: "Attempts", "尝试";
    OnlyChanges: "Changes only", "仅看变化";
    OnlyFailed: "Failed", "仅看失败";
    NoneOfThem: "None of them", "没有符合的尝试";
    Timeline: "Timeline", "时间线";
    ShowEvidence: "Show the evidence", "查看证据";
    Loading: "Loading…", "载入中…";
    Number: "No.", "序号";
    Time: "Time", "时间";
    Delay: "Delay", "延后";
    Latency: "Latency", "响应时间";
    HttpStatus: "Status", "状态码";
    Verdict: "Verdict", "结论";
    Reason: "Reason", "原因";
    OnTime: "on time", "准时";
    RetryOfRemoved: "Retry of a run that was removed", "重试自一次已删除的运行";
    NoSuchRun: "There is no such run", "没有这次运行";
    NoSuchChain: "There is no such chain", "没有这条链路";
    MayBeRemoved: "It may have been removed, or it is kept in another browser.",
        "它可能已被删除，或保存在另一个浏览器中。";
    BackToBoard: "Back to the chains", "返回链路列表";
    NoRunsHint: "This chain has never run. Run it to see its stages advance.",
        "该链路从未运行。运行后即可看到各阶段推进。";

    // What builds a trigger.
    TriggerKind: "Starts", "启动方式";
    TriggerNone: "Not by itself", "不自动启动";
    TriggerEvery: "Every so often", "按固定间隔";
    TriggerTimes: "At times of the day", "每天定时";
    TriggerCron: "Cron fields", "Cron 字段";
    TriggerCrontab: "Crontab line", "Crontab 表达式";
    TriggerCalendar: "Every so many days or months", "按日历间隔";
    TriggerDate: "Once", "仅一次";
    TriggerCombined: "Combined", "组合";
    CombinedHint: "It is made of other triggers, or is of a kind that is not known here. Edit it as JSON.",
        "由其他触发器组合而成，或类型未知。请以 JSON 编辑。";
    AsJson: "As JSON", "以 JSON 编辑";
    Years: "Years", "年";
    Months: "Months", "月";
    Weeks: "Weeks", "周";
    Days: "Days", "天";
    Hours: "Hours", "小时";
    Minutes: "Minutes", "分钟";
    Seconds: "Seconds", "秒";
    CronYear: "Year", "年份";
    CronMonth: "Month", "月份";
    CronWeek: "Week of the year", "第几周";
    CronDay: "Day of the month", "日期";
    CronWeekday: "Weekday", "星期";
    CronHour: "Hour", "时";
    CronMinute: "Minute", "分";
    CronSecond: "Second", "秒";
    CronHint: "*/2, 9-17, mon-fri, last, 3rd mon; what is left out is * before the last field that is given, and the least after it.",
        "可写 */2、9-17、mon-fri、last、3rd mon；省略的字段，在最后一个已填字段之前为 *，之后取最小值。";
    CrontabLine: "Minute, hour, day, month, weekday", "分 时 日 月 星期";
    RunDate: "Date and time", "日期与时间";
    AtTimes: "At", "时间";
    OnWeekdays: "On", "星期";
    Mon: "Mon", "周一";
    Tue: "Tue", "周二";
    Wed: "Wed", "周三";
    Thu: "Thu", "周四";
    Fri: "Fri", "周五";
    Sat: "Sat", "周六";
    Sun: "Sun", "周日";
    NoTime: "Write times such as 09:00, 13:00", "请填写时间，如 09:00, 13:00";
    SeveralMinutes: "The times of one trigger share their minutes, as 09:30 and 13:30 do",
        "同一触发器的各时间须分钟相同，如 09:30 和 13:30";
    TimeZone: "Time zone", "时区";
    Bounds: "Bounds and jitter", "起止与抖动";
    StartDate: "Not before", "不早于";
    EndDate: "Not after", "不晚于";
    Jitter: "Jitter, seconds", "抖动（秒）";
    NextFires: "Next starts", "接下来的启动时间";
    LocalTime: "Here", "本地";
    NeverFires: "It never starts", "不会再启动";

    // History.
    History: "History", "历史";
    Chain: "Chain", "链路";
    AllChains: "All chains", "全部链路";
    HowItEnded: "Status", "状态";
    From: "From", "从";
    Until: "To", "至";
    SearchRuns: "Search runs", "搜索运行";
    SearchRunsHint: "Chain, number, environment, values of variables, stage and reason",
        "链路、序号、环境、变量值、阶段与原因";
    AllRuns: "Runs", "运行";
    RunNamed: "Run", "运行";
    NoRuns: "No runs yet", "还没有运行";
    NoRunsYetHint: "Each run of a chain is kept here with its evidence: how it ended, how long each stage took, and \
        what changed from one to the next.",
        "每次运行及其证据都保存在这里：如何结束、各阶段用时，以及与上一次相比的变化。";
    RunAChain: "Choose a chain to run", "选择要运行的链路";
    NoRunMatches: "No run matches", "没有匹配的运行";
    RunsByStage: "Runs by stage", "各阶段的运行情况";
    RunsByStageHint: "Runs by stage, the newest last; the arrow keys go from cell to cell",
        "各阶段的运行情况，最新的在最后；用方向键在单元格间移动";
    EarlierRuns: "Earlier runs", "更早的运行";
    ArrivalTimes: "How long each stage takes", "各阶段到达用时";
    HalfWithin: "Half within", "半数在此内";
    MostWithin: "19 of 20 within", "95% 在此内";
    EachRun: "Each run", "每次运行";
    SuggestedLimit: "Time limit", "时限";
    RunsCounted: "Runs", "次数";
    HowComputed: "How this is computed", "如何计算";
    HowComputedText: "From a stage's first poll to its pass, without pauses, in up to 100 of the latest runs in the \
        environment of the latest one. Left out: retries, stages that were wrong, cancelled or taken over. A stage that \
        was never there in time counts as the slowest. Each dot is a run; the line is where half had it, the dashed \
        line where 19 of 20 had it. The suggested limit is twice that, at least two intervals more than the slowest, \
        rounded up. It takes 5 runs to say anything.",
        "从阶段的首次轮询到通过，不计暂停，取最近一次运行所在环境中最近至多 100 次。不计入：重试，以及出错、取消或沿用的阶段。\
        未及时到达的计为最慢。每个点是一次运行；实线处半数已到达，虚线处 20 次中 19 次已到达。建议时限为后者的两倍，\
        且至少比最慢的多两个间隔，向上取整。至少 5 次运行才能估计。";
    Compare: "Compare", "对比";
    CompareWithPrevious: "Compare with the previous run", "与上一次运行对比";
    ChainHistory: "History", "历史";
    ChooseTwo: "Tick two runs of a chain to compare them", "勾选同一链路的两次运行即可对比";
    ChooseOneChain: "These are runs of two chains", "所选运行属于不同链路";
    WhatChanged: "What changed", "变化";
    ChangeBroken: "broken", "变坏";
    ChangeUnreached: "not reached", "未到达";
    ChangeMended: "mended", "修复";
    ChangeOther: "otherwise", "结果不同";
    ChangeStages: "added or removed", "增减";
    ChangeAlike: "alike", "相同";

    // The matrix.
    Matrix: "Fields in every system", "各系统中的字段";
    Field: "Field", "字段";
    Records: "Records", "记录";
    SinceSent: "Since sent", "距发送";
    AllAlike: "Every field is alike in every system", "各字段在所有系统中一致";
    AlikeSoFar: "Nothing differs so far", "目前没有不同";
    Reference: "Compare with", "比较基准";
    FirstReference: "Compare with the first that has it", "以最先出现的系统为基准";
    Raw: "As it is", "原值";
    NormalForm: "Normalised", "归一后";
    CopyMarkdown: "Copy Markdown", "复制 Markdown";
    CopyCsv: "Copy CSV", "复制 CSV";

    // What a run is taken along as.
    Export: "Export", "导出";
    ExportHint: "Secrets are masked in every file.", "所有文件中的机密均已遮蔽。";
    ExportJunit: "JUnit XML", "JUnit XML";
    ExportJson: "JSON", "JSON";
    ExportAttempts: "Attempts (CSV)", "尝试（CSV）";
    ExportMatrix: "Fields (CSV)", "字段（CSV）";
    ExportReplay: "Replay (HTML)", "回放（HTML）";

    // The evidence.
    Checks: "What each check saw", "各项检查所见";
    Rule: "Rule", "规则";
    Expected: "Expected", "预期";
    Selected: "Found", "实际";
    Nothing: "nothing", "无";
    Request: "Request", "请求";
    Response: "Response", "响应";
    Headers: "Headers", "标头";
    Body: "Body", "正文";
    NoBody: "No body", "无正文";
    NoHeaders: "No headers can be seen", "看不到任何标头";
    NoResponse: "No response", "无响应";
    NoAnswerYet: "No answer yet", "尚无响应";
    AnswerTimeout: "No answer in time", "未及时响应";
    BodyTooLarge: "The body is larger than the limit, and was not read", "正文超过上限，未读取";
    BodyCut: "Only the beginning of the body is kept", "仅保留正文开头";
    RedirectedTo: "Redirected to", "重定向至";
    Redirected: "redirected", "已重定向";
    Copy: "Copy", "复制";
    Copied: "Copied", "已复制";
    CopyFailed: "The browser did not allow copying", "浏览器不允许复制";
    CopyNotMade: "Can't be made here", "此处无法生成";
    DiffAdded: "added", "新增";
    DiffRemoved: "removed", "删除";
    DiffChanged: "changed", "更改";
    DiffNoText: "That attempt has no body to compare with", "该次尝试没有可比较的正文";
    ShowInResponse: "Show in the response", "在响应中显示";
    ShowMore: "more", "展开";
    FoldAll: "Fold all", "全部折叠";
    UnfoldAll: "Unfold all", "全部展开";
    BodyJsonLines: "JSON, several in a row", "多个连续的 JSON";
    BodyCutJson: "JSON that breaks off", "不完整的 JSON";
    BodyNotJson: "Not valid JSON", "无效的 JSON";
    BodyHtml: "HTML", "HTML";
    BodyXml: "XML", "XML";
    BodyBinary: "Binary", "二进制内容";
    BodyPlain: "Text", "文本";
    DirectTransport: "sent by the browser", "由浏览器发送";
    ProxyTransport: "sent by this page's proxy", "由本页的代理发送";
    HiddenHeaders: "Others may be there: the browser hides those that the server does not expose to other origins",
        "可能还有其他标头：浏览器隐藏服务器未向其他来源公开的标头";
    WithheldHeaders: "Hidden, since the proxy withholds them:", "被代理扣留，因此看不到：";
    ProxyToken: "Token of the proxy", "代理的令牌";
    UseToken: "Use it and resume", "使用并继续";
    TokenHint: "Kept in this browser only; it is in no document, export or evidence.",
        "仅保存在此浏览器中；不会出现在文档、导出或证据中。";
    DemoTransport: "answered inside this page, without network", "页面内响应，无网络";

    // The editor.
    EditChain: "Edit chain", "编辑链路";
    TestStage: "Test stage", "测试阶段";
    Stage: "Stage", "阶段";
    AnswerFrom: "Answer", "响应";
    SendOnce: "Send the request once", "发送一次请求";
    Pasted: "One that I paste", "由我粘贴";
    TrialValues: "Values for the templates, a JSON object", "模板取值（JSON 对象）";
    PasteAnswer: "A body, or all that curl -i prints", "正文，或 curl -i 的全部输出";
    TryIt: "Try", "试一次";
    FreshValues: "Fresh values", "重新取值";
    CopyCurl: "Copy as cURL", "复制为 cURL";
    CopyHurl: "Copy as Hurl", "复制为 Hurl";
    ConfirmSend: "Send this request?", "发送该请求？";
    ConfirmSendHint: "It may change something in the system that it goes to.", "它可能会改动目标系统。";
    SendNow: "Send it", "发送";
    DontSend: "Don't send", "不发送";
    SamplePath: "JSONPath", "JSONPath";
    SampleHint: "Press a value to make a check, a capture or a field of it, or type a path",
        "点按某个值，即可据此添加检查、提取或字段；也可输入路径";
    UsePath: "Use this path", "使用此路径";
    MakeOfIt: "What to make of it", "用途";
    WhichPath: "Path", "路径";
    NewCheck: "Check", "检查";
    CaptureAs: "Capture as", "提取为";
    FieldCalled: "Field", "字段";
    Add: "Add", "添加";
    CloseMenu: "Close", "关闭";
    ShowInDocument: "Show in the document", "在文档中显示";
    NotAdded: "The document can't be read, or has no such stage now. Mend it first.",
        "文档无法读取，或已没有该阶段。请先更正。";
    CheckExists: "is there", "存在";
    WhenPolled: "When it was polled", "轮询时";
    WithTheseChecks: "With these checks", "按当前检查";
    TryEvidence: "Try edited checks on this", "用修改后的检查判定";
    Import: "Import", "导入";
    ImportHint: "A curl command, a HAR recording or a Postman collection", "curl 命令、HAR 记录或 Postman 集合";
    AddStages: "Add stages", "添加阶段";
    CopyChain: "Duplicate", "复制为新链路";
    ChainDocument: "Chain document, JSON", "链路文档（JSON）";
    Save: "Save", "保存";
    SaveAndRun: "Save and run", "保存并运行";
    Unsaved: "Unsaved changes", "有未保存的修改";
    Checking: "Checking…", "检查中…";
    Valid: "Valid", "有效";
    Warnings: "Worth a second look", "建议复查";
    Remove: "Remove", "删除";
    RemoveTitle: "Remove this chain?", "删除该链路？";
    RemoveHint: "Its document goes. Its runs and their evidence stay.", "其文档将被删除，运行及证据保留。";
    Keep: "Keep it", "保留";
    LeaveTitle: "Leave without saving?", "不保存就离开？";
    LeaveHint: "What you typed has not been saved.", "您输入的内容尚未保存。";
    KeepEditing: "Keep editing", "继续编辑";
    Discard: "Discard and leave", "放弃并离开";
    Overwrite: "Save mine over it", "用我的覆盖";
    TakeTheirs: "Load theirs", "载入对方的";
    BringBack: "Bring my text back", "恢复我的文本";
    MineKept: "Your text is kept.", "您的文本已保留。";
    NotSaved: "Not saved. Your text is still here.", "未保存，您的文本仍在。";

    // The editor's form.
    ViewForm: "Form", "表单";
    ViewJson: "JSON", "JSON";
    EditorViews: "Form or JSON", "表单或 JSON";
    Undo: "Undo", "撤销";
    Redo: "Redo", "重做";
    EditInJson: "Edit in JSON", "在 JSON 中编辑";
    GoToField: "Go to it", "转到该处";
    ChainSettings: "Chain", "链路";
    AddStage: "Add stage", "添加阶段";
    AddStageTitle: "What does the new stage ask?", "新阶段查询什么系统？";
    MoveUp: "Move up", "上移";
    MoveDown: "Move down", "下移";
    DuplicateStage: "Duplicate stage", "复制阶段";
    RemoveStage: "Remove stage", "删除阶段";
    More: "More", "更多";
    TakeOut: "— remove —", "— 移除 —";
    ChainName: "Name", "名称";
    Description: "Description", "说明";
    VariablesHint: "Evaluated once, from the top, when a run starts. Use them as {{name}}; {{$uuid}} and {{$now}} are built in. \"19.90\" in quotes is a text, without them a number.",
        "运行开始时自上而下求值一次。以 {{name}} 引用；{{$uuid}} 与 {{$now}} 为内置。加引号的 \"19.90\" 是文本，不加则是数字。";
    Variable: "Variable", "变量";
    AddVariable: "Add variable", "添加变量";
    Value: "Value", "值";
    Environments: "Environments", "环境";
    EnvironmentsHint: "Base addresses and other values that differ between, say, staging and production. A run uses one environment.",
        "各环境（如预发与生产）不同的基础地址等取值。一次运行使用一个环境。";
    AddEnvironment: "Add environment", "添加环境";
    Entry: "Entry", "条目";
    AddEntry: "Add entry", "添加条目";
    PollingOfAll: "Polling, unless a stage says otherwise", "轮询（阶段可另行设置）";
    Polling: "Polling", "轮询";
    Interval: "Every", "间隔";
    Timeout: "Give up after", "超时放弃";
    LateAfter: "Late after", "超过即迟到";
    Hold: "Must hold for", "须持续";
    AttemptTimeout: "Wait for an answer", "单次响应时限";
    InitialDelay: "First poll after", "首次轮询延迟";
    MaxAttempts: "At most so many tries", "最多尝试次数";
    NoneSet: "not set", "未设置";
    Backoff: "Polls become rarer", "逐渐放缓轮询";
    NoBackoff: "no", "否";
    BackoffFactor: "By a factor of", "放缓系数";
    BackoffMax: "But at least every", "最长间隔";
    Compared: "Fields that are compared", "对比的字段";
    SubjectKey: "Key of the record", "记录的键";
    ExpectedCount: "Records expected", "预期记录数";
    AddField: "Add field", "添加字段";
    FieldKind: "Kind", "类型";
    Zone: "Time zone", "时区";
    ToleranceAbs: "May be off by", "允许偏差";
    TolerancePercent: "Off by, in percent", "允许偏差百分比";
    ReferenceStage: "Stage that is right", "基准阶段";
    Ignore: "Ignore in texts", "文本比较忽略";
    AnotherIgnored: "— ignore —", "— 忽略 —";
    Alias: "Said", "写作";
    Means: "Means", "意为";
    AddAlias: "Add alias", "添加别名";
    VerifyAgain: "Ask every stage once more at the end", "结束时再次查询各阶段";
    ScheduleTitle: "Schedule", "计划";
    ScheduleFormHint: "When runs start by themselves, once the schedule is switched on.", "启用计划后，运行自动开始的时间。";
    ScheduleJson: "Trigger, JSON", "触发器（JSON）";
    Group: "Group", "组";
    GroupName: "Name of the group", "组名称";
    GroupHint: "Its stages are polled at the same time; the next stage waits for all of them.",
        "组内各阶段同时轮询；全部通过后才进入下一阶段。";
    GroupWithNext: "Group with the next", "与下一阶段成组";
    IntoGroupAbove: "Into the group above", "移入上方的组";
    IntoGroupBelow: "Into the group below", "移入下方的组";
    OutOfGroup: "Out of the group", "移出组";
    DissolveGroup: "Dissolve the group", "解散组";
    StageName: "Name", "名称";
    System: "System", "系统";
    SystemHint: "Kafka, ClickHouse, …", "Kafka、ClickHouse……";
    SendsOnce: "Send once, don't poll", "只发送一次，不轮询";
    OnInterrupt: "If no answer is known", "未知响应时";
    Transport: "Sent by", "发送方式";
    Method: "Method", "方法";
    Address: "Address", "地址";
    QueryRow: "Query parameter", "查询参数";
    AddQuery: "Add query parameter", "添加查询参数";
    HeaderRow: "Header", "标头";
    AddHeader: "Add header", "添加标头";
    BodyJson: "Body, JSON", "正文（JSON）";
    BodyText: "Body, text", "正文（文本）";
    FormRow: "Form field", "表单字段";
    AddFormRow: "Add form field", "添加表单字段";
    Auth: "Authorisation", "认证";
    NoAuth: "None", "无";
    Token: "Token", "令牌";
    User: "User", "用户";
    Password: "Password", "密码";
    KeyIn: "Key is in", "密钥位置";
    KeyName: "Name of the key", "密钥名称";
    Credentials: "The browser's cookies", "浏览器 Cookie";
    PassWhen: "Pass when", "通过条件";
    FailWhen: "Fail at once when", "立即失败条件";
    Check: "Check", "检查";
    AddCheck: "Add check", "添加检查";
    StopCheck: "Stop check", "失败检查";
    AddStopCheck: "Add stop check", "添加失败检查";
    Source: "Read", "读取";
    SourceOf: "What of it", "读取内容";
    Filters: "Filters", "过滤器";
    AnotherFilter: "— filter —", "— 过滤器 —";
    Operator: "Must be", "须满足";
    NoValueNeeded: "none needed", "无需填写";
    Otherwise: "If it differs", "不符时";
    MatchNodes: "How many must pass", "须通过的数量";
    WhileValues: "Wait while it is one of", "以下取值时等待";
    Confirm: "Wrong so often in a row", "连续不符次数";
    CheckId: "Id", "标识";
    CapturesOf: "Captures for later stages", "供后续阶段使用的提取值";
    Capture: "Capture", "提取值";
    AddCapture: "Add capture", "添加提取值";
    PathOf: "JSONPath of the value", "取值的 JSONPath";
    Record: "Record: where its fields are", "记录：各字段的位置";
    Each: "A record is each", "每条记录";
    Transformed: "Changed on purpose", "有意转换的字段";
    NotCarried: "Not in this system", "此系统没有的字段";
    AnotherField: "— field —", "— 字段 —";
    PresetCollector: "Event collector", "事件采集端";
    PresetCollectorHint: "Sends one event, once", "发送一个事件，仅一次";
    PresetSnowplow: "Snowplow Micro", "Snowplow Micro 采集端";
    PresetSnowplowHint: "Good events, found by id", "按标识查找合格事件";
    PresetMatomo: "Matomo", "Matomo 统计";
    PresetMatomoHint: "Visits by its reporting API", "通过报表 API 查询访问";
    PresetStream: "Stream", "消息流";
    PresetStreamHint: "Records from a Kafka REST proxy", "经 Kafka REST 代理读取记录";
    PresetElasticsearch: "Elasticsearch", "Elasticsearch 检索";
    PresetElasticsearchHint: "A search by _search", "用 _search 检索";
    PresetClickhouse: "SQL over HTTP", "HTTP SQL";
    PresetClickhouseHint: "A query to ClickHouse, answered as JSON", "查询 ClickHouse，返回 JSON";
    PresetWarehouse: "Warehouse job", "数仓作业";
    PresetWarehouseHint: "A query like BigQuery's REST API takes", "按 BigQuery REST API 的方式查询";
    PresetReport: "Report", "报表";
    PresetReportHint: "A CSV or text that has to contain the event", "CSV 或文本中须包含该事件";
    PresetOwn: "Own API", "自有 API";
    PresetOwnHint: "JSON rows, counted", "统计 JSON 行数";
}
