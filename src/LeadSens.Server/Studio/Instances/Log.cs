namespace LeadSens.Server.Studio.Instances;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "InstanceNewsDelayed: the database did not answer; trying again")]
    public static partial void InstanceNewsDelayed(this ILogger log, Exception error);
}
