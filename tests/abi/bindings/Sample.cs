// The layout and the numbers that Libinterp.cs has, as "struct NAME SIZE", "field STRUCT NAME OFFSET", "value NAME
// NUMBER"; then what sample.c prints.
using System;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using Libinterp;

public static unsafe class Sample
{
    static void Layout()
    {
        foreach (Type type in typeof(Native).Assembly.GetTypes())
        {
            if (type.Namespace != "Libinterp" || !type.IsValueType || type.IsNested) continue;
            FieldInfo[] fields = type.GetFields();
            if (fields.Length == 0) continue; // an object
            Console.WriteLine("struct {0} {1}", type.Name, Marshal.SizeOf(type));
            foreach (FieldInfo field in fields)
                Console.WriteLine("field {0} {1} {2}", type.Name, field.Name, Marshal.OffsetOf(type, field.Name));
        }
        foreach (FieldInfo field in typeof(Native).GetFields())
            if (field.Name.StartsWith("ITP_"))
                Console.WriteLine("value {0} {1}", field.Name, field.GetRawConstantValue());
    }

    static int Network(void* user, itp_request* request)
    {
        double* x = (double*)request->x;
        double* made = (double*)request->@out;
        for (ulong i = 0; i < (ulong)request->count * (ulong)request->dim; i++) made[i] = -x[i] * request->time;
        return 0;
    }

    public static int Main()
    {
        Layout();
        var want = new itp_plan_desc { size = (UIntPtr)sizeof(itp_plan_desc), evaluations = 8 };
        var batch = new itp_batch
        {
            size = (UIntPtr)sizeof(itp_batch), dim = (UIntPtr)3, count = (UIntPtr)2, seed = 7, type = Native.ITP_FLOAT64
        };
        itp_network_fn network = Network;
        itp_plan* plan;
        double* x = stackalloc double[6];
        if (Native.itp_plan_new(&want, &plan) != 0) return 1;
        if (Native.itp_sample(plan, &batch, x, Marshal.GetFunctionPointerForDelegate(network), null) != 0) return 1;
        GC.KeepAlive(network);
        for (int i = 0; i < 6; i++)
            Console.WriteLine("sample " + x[i].ToString("G17", CultureInfo.InvariantCulture));
        Native.itp_plan_free(plan);
        return 0;
    }
}
